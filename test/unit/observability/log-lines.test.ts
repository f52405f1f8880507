import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Context, DynamoDBStreamEvent, SQSEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refusal } from '../../../shared/domain/errors.ts';
import { domainEvent } from '../../../shared/domain/events/domain-event.ts';
import { type Answer, httpHandler } from '../../../shared/http/http-handler.ts';
import { Postponed, queuedBody, queueHandler } from '../../../shared/lambda/sqs-handler.ts';
import { type Relayed, streamHandler } from '../../../shared/lambda/stream-handler.ts';
import { logger } from '../../../shared/observability/logger.ts';
import { measure, publishMeasures, tellOutcome } from '../../../shared/observability/metrics.ts';
import { commit } from '../../../shared/persistence/dynamodb/transaction.ts';
import { aPayment } from '../../support/builders/builders.ts';
import { traceId, traceparent } from '../../support/builders/trace.ts';
import { isOfCatalogue, metricsIn } from '../../support/emf.ts';
import { aContext, call } from '../../support/harness/invoke-handler.ts';

// Elsewhere the tests are quiet. Here it is what a function writes that counts.
vi.hoisted(() => {
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'INFO');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
});

type Line = Readonly<Record<string, unknown>>;
let lines: Line[];

beforeEach(() => {
  lines = [];
  const hear = (chunk: unknown) => {
    lines.push(
      ...`${chunk}`
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );

    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(hear);
  vi.spyOn(process.stderr, 'write').mockImplementation(hear);
});

afterEach(() => {
  vi.restoreAllMocks();
  const strays = lines.flatMap(metricsIn).filter((metric) => !isOfCatalogue(metric));
  expect(strays).toEqual([]);
});

afterAll(() => {
  vi.unstubAllEnvs();
});

/** Each line as what it says, and the metrics that CloudWatch takes out of it. */
const heard = () =>
  lines.map((line) => ({
    said: line.message,
    metrics: metricsIn(line).map(({ name, dimensions: { service, ...dimensions }, values }) =>
      [name, ...Object.values(dimensions), values.length].join(' '),
    ),
  }));

describe('the line of an outcome', () => {
  it('carries what was measured on its way there, whatever its dimensions', () => {
    measure('PgLatency', 7, { operation: 'charge', answer: 'approved' });
    measure('DecisionLatency', 900, { decided: 'in time' });
    measure('HandlingLatency', 12, { outcome: 'done' });
    tellOutcome('COMPLETED', { paymentId: 'pay_1' });

    expect(lines).toEqual([
      expect.objectContaining({ level: 'INFO', message: 'COMPLETED', paymentId: 'pay_1' }),
    ]);
    expect(heard()[0]?.metrics).toEqual([
      'PgLatency charge approved 1',
      'DecisionLatency in time 1',
      'HandlingLatency done 1',
    ]);
  });

  it('says its time once: in the header of the metrics, or by itself', () => {
    measure('Sweeps', 1, {});
    tellOutcome('swept', {});
    tellOutcome('swept', {});

    expect(lines[0]).not.toHaveProperty('timestamp');
    expect(lines[0]).toHaveProperty('_aws.Timestamp', expect.any(Number));
    expect(lines[1]).toHaveProperty('timestamp', expect.stringMatching(/^\d{4}-\d\d-\d\dT.+Z$/));
    expect(lines[1]).not.toHaveProperty('_aws');
  });

  it.each([
    ['another measure', {}, ['UNKNOWN', 'IN_REVIEW']],
    ['the line itself', { state: 'told' }, ['UNKNOWN']],
  ])('leaves to a line of its own what contradicts %s', (_what, told, states) => {
    for (const state of states) measure('PaymentsWaiting', 1, { state });
    tellOutcome('measured', told);

    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({ message: 'measured', ...told });
    expect(heard().flatMap(({ metrics }) => metrics)).toEqual(
      states.map((state) => `PaymentsWaiting ${state} 1`),
    );
  });

  it('keeps its metrics where nobody wants to read of what went well', () => {
    const level = logger.getLevelName();
    logger.setLogLevel('ERROR');
    measure('HandlingLatency', 12, { outcome: 'done' });
    tellOutcome('delivered', { paymentId: 'pay_1' });
    logger.setLogLevel(level);

    expect(heard()).toEqual([{ said: undefined, metrics: ['HandlingLatency done 1'] }]);
  });

  it('tells nothing twice', () => {
    measure('Sweeps', 1, {});
    tellOutcome('swept', {});
    publishMeasures();

    expect(lines).toHaveLength(1);
  });
});

describe('an invocation is told in one line', () => {
  const request = { method: 'POST', path: '/payments', buyer: 'alice' } as const;
  const sqs = mockClient(SQSClient) as unknown as SQSClient;

  it.each<[string, () => Promise<Answer>, string[]]>([
    ['that answers', async () => ({ status: 200 }), ['AnswerLatency answered 1']],
    [
      'that answers again',
      async () => ({ status: 202, headers: { 'idempotency-replayed': 'true' } }),
      ['AnswerLatency replayed 1'],
    ],
    [
      'that refuses',
      () => Promise.reject(new Refusal({ code: 'out-of-stock', detail: 'None left.' })),
      ['Refusals out-of-stock 1', 'AnswerLatency refused 1'],
    ],
  ])('%s', async (_what, answer, metrics) => {
    await call(httpHandler(answer), request);

    expect(heard()).toEqual([{ said: 'answered', metrics }]);
  });

  const handledBodies = (bodies: readonly string[]) =>
    queueHandler(
      ['PaymentReserved'],
      {
        ...{ sqs, queueUrl: 'q', redeliverAfterMs: [] },
        ...{ name: 'charge-payment', waits: { claim: async () => true } },
      },
      async (event) => {
        if (event.subject === 'later') throw new Postponed('not now', 1_000);
        if (event.subject === 'never') throw new Error('no');

        return { outcome: 'COMPLETED' };
      },
    )(
      {
        Records: bodies.map((body, index) => ({
          messageId: `m${index}`,
          body,
          attributes: { ApproximateReceiveCount: '1' },
          eventSource: 'aws:sqs',
        })),
      } as unknown as SQSEvent,
      aContext(),
    );

  const handled = (subjects: readonly string[]) =>
    handledBodies(
      subjects.map((subject) =>
        queuedBody(
          domainEvent(
            'PaymentReserved',
            { subject, version: 1, at: '2026-03-14T12:00:00.000Z', traceparent },
            { paymentId: subject, orderId: 'ord_1', userId: 'alice', amount: 1, currency: 'KRW' },
          ),
        ),
      ),
    );

  it('that handles an event, by all the ids it is looked for', async () => {
    await handled(['pay_1']);

    expect(lines).toEqual([
      expect.objectContaining({ paymentId: 'pay_1', orderId: 'ord_1', version: 1, traceId }),
    ]);
    expect(heard()).toEqual([{ said: 'COMPLETED', metrics: ['HandlingLatency done 1'] }]);
  });

  it.each(['later', 'never'])('by the same ids where it comes again: %s', async (paymentId) => {
    await handled([paymentId]);

    expect(lines[0]).toMatchObject({ paymentId, orderId: 'ord_1', version: 1, traceId });
  });

  it('that cannot read one, without a word of what it says', async () => {
    await handledBodies(['alice@buyers.example']);

    expect(lines[0]).toMatchObject({ message: 'failed', messageId: 'm0' });
    expect(JSON.stringify(lines)).not.toContain('alice');
  });

  it('that postpones one', async () => {
    await handled(['later']);

    expect(heard()).toEqual([{ said: 'postponed', metrics: ['HandlingLatency postponed 1'] }]);
  });

  it('but for the metrics of a batch, which are told once for all of it', async () => {
    await handled(['pay_1', 'pay_2', 'never', 'pay_3']);

    const told = heard();
    expect(told.slice(0, 4).map(({ said }) => said)).toEqual(
      expect.arrayContaining(['COMPLETED', 'COMPLETED', 'COMPLETED', 'failed']),
    );
    expect(told.flatMap(({ metrics }) => metrics).sort()).toEqual([
      'HandlingLatency done 3',
      'HandlingLatency failed 1',
    ]);
    expect(told).toHaveLength(6);
  });

  it.each<[string, Relayed, string[]]>([
    [
      'that publishes',
      { outcome: 'published', id: 'pay_1-1', event: 'PaymentReserved' },
      ['EventsPublished PaymentReserved 1'],
    ],
    ['that has nothing to publish', { outcome: 'skipped', id: 'e-1' }, []],
  ])('%s', async (_what, relayed, metrics) => {
    const event = { Records: [{ eventID: 'e-1', eventSource: 'aws:dynamodb' }] };

    await streamHandler(async () => relayed)(event as DynamoDBStreamEvent, {} as Context);

    expect(heard()).toEqual([{ said: 'relayed', metrics }]);
  });
});

it('tells a failure in full, and its metrics by themselves', async () => {
  const handler = httpHandler(() => Promise.reject(new TypeError('a defect')));

  await call(handler, { method: 'GET', path: '/payments', buyer: 'alice' });

  expect(lines[0]).toMatchObject({
    level: 'ERROR',
    message: 'answered',
    timestamp: expect.any(String),
    service: 'tests',
    status: 500,
    traceId: expect.any(String),
    error: { name: 'TypeError', message: 'a defect', stack: expect.stringContaining('at ') },
  });
  expect(heard()[1]).toEqual({ said: undefined, metrics: ['AnswerLatency failed 1'] });
});

it('tells of a write that others were in the way of, and nothing of what is stored there', async () => {
  const Item = marshall(aPayment(), { removeUndefinedValues: true });
  const cancelled = new TransactionCanceledException({
    message: 'cancelled',
    $metadata: { requestId: 'r-1' },
    CancellationReasons: [
      { Code: 'ConditionalCheckFailed', Item },
      { Code: 'TransactionConflict' },
    ],
  });
  const db = mockClient(DynamoDBDocumentClient);
  db.on(TransactWriteCommand).rejects(cancelled);
  const handler = httpHandler(async () => {
    await commit(db as unknown as DynamoDBDocumentClient, [], { tries: 1 });

    return { status: 202 };
  });

  await call(handler, { method: 'POST', path: '/payments', buyer: 'alice' });

  expect(lines[0]).toMatchObject({
    status: 503,
    error: {
      name: 'Outage',
      cause: { name: 'TransactionCanceledException', $metadata: { requestId: 'r-1' } },
    },
  });
  expect(JSON.stringify(lines)).not.toMatch(/sim_approve|requestHash/);
});
