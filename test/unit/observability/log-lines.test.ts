import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Context, DynamoDBStreamEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDatabase } from '../../../shared/config/system-runtime.ts';
import { RejectionError } from '../../../shared/domain/errors.ts';
import { createDomainEvent } from '../../../shared/domain/events/domain-event.ts';
import { httpHandler } from '../../../shared/http/http-handler.ts';
import type { HttpResponse } from '../../../shared/http/http-response.ts';
import { DeferredError } from '../../../shared/lambda/message-deferral.ts';
import { queueMessageBody } from '../../../shared/lambda/queued-event.ts';
import { sqsHandler } from '../../../shared/lambda/sqs-handler.ts';
import { type RelayResult, streamHandler } from '../../../shared/lambda/stream-handler.ts';
import { logger } from '../../../shared/observability/logger.ts';
import { flushMetrics, logOutcome, recordMetric } from '../../../shared/observability/metrics.ts';
import { commit } from '../../../shared/persistence/dynamodb/transaction.ts';
import { aPayment } from '../../support/builders/builders.ts';
import { aQueueRecord } from '../../support/builders/queue-record.ts';
import { traceId, traceparent } from '../../support/builders/trace.ts';
import { extractMetrics, isInCatalogue } from '../../support/emf.ts';
import { aLambdaContext, call } from '../../support/harness/invoke-handler.ts';

// Other tests suppress the log; these check it.
vi.hoisted(() => {
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'INFO');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
});

type Line = Readonly<Record<string, unknown>>;
let lines: Line[];

beforeEach(() => {
  lines = [];
  const captureLines = (chunk: unknown) => {
    lines.push(
      ...`${chunk}`
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );

    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(captureLines);
  vi.spyOn(process.stderr, 'write').mockImplementation(captureLines);
});

afterEach(() => {
  vi.restoreAllMocks();
  const strays = lines.flatMap(extractMetrics).filter((metric) => !isInCatalogue(metric));
  expect(strays).toEqual([]);
});

afterAll(() => {
  vi.unstubAllEnvs();
});

/** Each log line with the metrics that CloudWatch extracts from it. */
const readLines = () =>
  lines.map((line) => ({
    said: line.message,
    metrics: extractMetrics(line).map(({ name, dimensions: { service, ...dimensions }, values }) =>
      [name, ...Object.values(dimensions), values.length].join(' '),
    ),
  }));

describe('outcome log line', () => {
  it('has the recorded metrics of all dimensions', () => {
    recordMetric('GatewayLatency', 7, { operation: 'charge', gatewayOutcome: 'approved' });
    recordMetric('TimeToFinalStatus', 900, { withinObjective: 'true' });
    recordMetric('ProcessingLatency', 12, { outcome: 'succeeded' });
    logOutcome('COMPLETED', { paymentId: 'pay_1' });

    expect(lines).toEqual([
      expect.objectContaining({ level: 'INFO', message: 'COMPLETED', paymentId: 'pay_1' }),
    ]);
    expect(readLines()[0]?.metrics).toEqual([
      'GatewayLatency charge approved 1',
      'TimeToFinalStatus true 1',
      'ProcessingLatency succeeded 1',
    ]);
  });

  it('has one timestamp: in the EMF header or as a field', () => {
    recordMetric('SweeperRuns', 1, {});
    logOutcome('sweep completed', {});
    logOutcome('sweep completed', {});

    expect(lines[0]).not.toHaveProperty('timestamp');
    expect(lines[0]).toHaveProperty('_aws.Timestamp', expect.any(Number));
    expect(lines[1]).toHaveProperty('timestamp', expect.stringMatching(/^\d{4}-\d\d-\d\dT.+Z$/));
    expect(lines[1]).not.toHaveProperty('_aws');
  });

  it.each([
    ['another metric', {}, ['UNKNOWN', 'IN_REVIEW']],
    ['the line itself', { state: 'published' }, ['UNKNOWN']],
  ])('logs a metric that conflicts with %s in a line of its own', (_what, found, states) => {
    for (const state of states) recordMetric('BacklogPayments', 1, { state });
    logOutcome('backlog measured', found);

    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({ message: 'backlog measured', ...found });
    expect(readLines().flatMap(({ metrics }) => metrics)).toEqual(
      states.map((state) => `BacklogPayments ${state} 1`),
    );
  });

  it('publishes its metrics at a higher log level', () => {
    const level = logger.getLevelName();
    logger.setLogLevel('ERROR');
    recordMetric('ProcessingLatency', 12, { outcome: 'succeeded' });
    logOutcome('delivered', { paymentId: 'pay_1' });
    logger.setLogLevel(level);

    expect(readLines()).toEqual([{ said: undefined, metrics: ['ProcessingLatency succeeded 1'] }]);
  });

  it('logs nothing twice', () => {
    recordMetric('SweeperRuns', 1, {});
    logOutcome('sweep completed', {});
    flushMetrics();

    expect(lines).toHaveLength(1);
  });
});

describe('one log line for an invocation', () => {
  const request = { method: 'POST', path: '/payments', buyer: 'alice' } as const;
  const sqs = mockClient(SQSClient) as unknown as SQSClient;

  it.each<[string, () => Promise<HttpResponse>, string[]]>([
    ['that answers', async () => ({ status: 200 }), ['RequestLatency succeeded 1']],
    [
      'replays a response',
      async () => ({ status: 202, headers: { 'idempotency-replayed': 'true' } }),
      ['RequestLatency replayed 1'],
    ],
    [
      'rejects a request',
      () => Promise.reject(new RejectionError({ code: 'out-of-stock', detail: 'None left.' })),
      ['RequestsRejected out-of-stock 1', 'RequestLatency rejected 1'],
    ],
  ])('%s', async (_what, answer, metrics) => {
    await call(httpHandler(answer), request);

    expect(readLines()).toEqual([{ said: 'request completed', metrics }]);
  });

  const handledBodies = (bodies: readonly string[]) =>
    sqsHandler(
      ['PaymentReserved'],
      {
        ...{ sqs, queueUrl: 'q', clock: { now: () => new Date() }, redeliveryBackoffMs: [] },
        ...{ name: 'charge-payment', deferralClaims: { claim: async () => true } },
      },
      async (event) => {
        if (event.subject === 'later') throw new DeferredError('not now', 1_000);
        if (event.subject === 'never') throw new Error('no');

        return { outcome: 'COMPLETED' };
      },
    )(
      { Records: bodies.map((body, index) => aQueueRecord(body, { messageId: `m${index}` })) },
      aLambdaContext(),
    );

  const handled = (subjects: readonly string[]) =>
    handledBodies(
      subjects.map((subject) =>
        queueMessageBody(
          createDomainEvent(
            'PaymentReserved',
            { subject, version: 1, at: '2026-03-14T12:00:00.000Z', traceparent },
            { paymentId: subject, orderId: 'ord_1', userId: 'alice', amount: 1, currency: 'KRW' },
          ),
        ),
      ),
    );

  it('has all ids of the handled event', async () => {
    await handled(['pay_1']);

    expect(lines).toEqual([
      expect.objectContaining({ paymentId: 'pay_1', orderId: 'ord_1', version: 1, traceId }),
    ]);
    expect(readLines()).toEqual([
      { said: 'COMPLETED', metrics: ['ProcessingLatency succeeded 1'] },
    ]);
  });

  it.each(['later', 'never'])('has the same ids for a duplicate: %s', async (paymentId) => {
    await handled([paymentId]);

    expect(lines[0]).toMatchObject({ paymentId, orderId: 'ord_1', version: 1, traceId });
  });

  it('has no content of an invalid message', async () => {
    await handledBodies(['alice@buyers.example']);

    expect(lines[0]).toMatchObject({ message: 'message failed', messageId: 'm0' });
    expect(JSON.stringify(lines)).not.toContain('alice');
  });

  it('has the reason of a deferral', async () => {
    await handled(['later']);

    expect(readLines()).toEqual([
      { said: 'message deferred', metrics: ['ProcessingLatency deferred 1'] },
    ]);
  });

  it('excludes the metrics of a batch, logged once', async () => {
    await handled(['pay_1', 'pay_2', 'never', 'pay_3']);

    const found = readLines();
    expect(found.slice(0, 4).map(({ said }) => said)).toEqual(
      expect.arrayContaining(['COMPLETED', 'COMPLETED', 'COMPLETED', 'message failed']),
    );
    expect(found.flatMap(({ metrics }) => metrics).sort()).toEqual([
      'ProcessingLatency failed 1',
      'ProcessingLatency succeeded 3',
    ]);
    expect(found).toHaveLength(6);
  });

  it.each<[string, RelayResult, string[]]>([
    [
      'publishes an event',
      { outcome: 'published', id: 'pay_1-1', event: 'PaymentReserved' },
      ['EventsPublished PaymentReserved 1'],
    ],
    ['that has nothing to publish', { outcome: 'skipped', id: 'e-1' }, []],
  ])('%s', async (_what, relayed, metrics) => {
    const event = { Records: [{ eventID: 'e-1', eventSource: 'aws:dynamodb' }] };

    await streamHandler(async () => relayed)(event as DynamoDBStreamEvent, {} as Context);

    expect(readLines()).toEqual([{ said: 'outbox batch relayed', metrics }]);
  });
});

it('logs a failure in full, and its metrics in a line of their own', async () => {
  const handler = httpHandler(() => Promise.reject(new TypeError('a defect')));

  await call(handler, { method: 'GET', path: '/payments', buyer: 'alice' });

  expect(lines[0]).toMatchObject({
    level: 'ERROR',
    message: 'request completed',
    timestamp: expect.any(String),
    service: 'tests',
    status: 500,
    traceId: expect.any(String),
    error: { name: 'TypeError', message: 'a defect', stack: expect.stringContaining('at ') },
  });
  expect(readLines()[1]).toEqual({ said: undefined, metrics: ['RequestLatency failed 1'] });
});

it('logs a cancelled transaction without the stored items', async () => {
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
    await commit(createDatabase(db as unknown as DynamoDBDocumentClient), [], { maxAttempts: 1 });

    return { status: 202 };
  });

  await call(handler, { method: 'POST', path: '/payments', buyer: 'alice' });

  expect(lines[0]).toMatchObject({
    status: 503,
    error: {
      name: 'ServiceUnavailableError',
      cause: { name: 'TransactionCanceledException', $metadata: { requestId: 'r-1' } },
    },
  });
  expect(JSON.stringify(lines)).not.toMatch(/sim_approve|requestHash/);
});
