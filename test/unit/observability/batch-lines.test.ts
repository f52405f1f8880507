import { readFileSync } from 'node:fs';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createDomainEvent,
  type DomainEvent,
  type EventName,
} from '../../../shared/domain/events/domain-event.ts';
import { batchEntryOf } from '../../../shared/lambda/batch-outcomes.ts';
import { DeferredError, type HandlingResult } from '../../../shared/lambda/message-deferral.ts';
import { queueMessageBody } from '../../../shared/lambda/queued-event.ts';
import { sqsHandler } from '../../../shared/lambda/sqs-handler.ts';
import { type RelayResult, streamHandler } from '../../../shared/lambda/stream-handler.ts';
import { recordMetric } from '../../../shared/observability/metrics.ts';
import { aPaymentCompletedEvent } from '../../support/builders/consumer-events.ts';
import { aQueueRecord } from '../../support/builders/queue-record.ts';
import { traceId, traceparent } from '../../support/builders/trace.ts';
import {
  captureLogLines,
  type LogLine,
  messagesAndMetrics,
} from '../../support/capture-log-lines.ts';
import { aLambdaContext } from '../../support/harness/invoke-handler.ts';

// Other tests suppress the log; these check it.
vi.hoisted(() => {
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'INFO');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
});

let lines: LogLine[];

beforeEach(() => {
  lines = captureLogLines();
});

afterEach(() => {
  vi.restoreAllMocks();
});

afterAll(() => {
  vi.unstubAllEnvs();
});

const reserved = (paymentId: string): DomainEvent =>
  createDomainEvent(
    'PaymentReserved',
    { subject: paymentId, version: 1, at: '2026-03-14T12:00:00.000Z', traceparent },
    { paymentId, orderId: 'ord_1', userId: 'alice', amount: 1, currency: 'KRW' },
  );

const ids = { paymentId: 'pay_1', orderId: 'ord_1', version: 1, traceId };
const approvedCharge = { operation: 'charge', gatewayOutcome: 'approved' };
const latencies: Readonly<Record<string, number>> = { fast: 4_999, slow: 5_000, slower: 12_345 };
const handled: HandlingResult = { outcome: 'COMPLETED', orderId: 'ord_1', version: 3 };

describe('the entry of an event in the line of its batch', () => {
  const refund = { refundId: 'rfd_1', paymentId: 'pay_1', orderId: 'ord_1' };

  it.each([
    ['the id, which names the payment', reserved('pay_1'), {}, 'pay_1-1'],
    ['no id twice', reserved('pay_1'), { paymentId: 'pay_1', orderId: 'ord_1' }, 'pay_1-1'],
    ['a number that the id contains too', reserved('pay_1'), { attempt: 1 }, 'pay_1-1 attempt=1'],
    ['no detail that is undefined', reserved('pay_1'), { attempt: undefined }, 'pay_1-1'],
    ['the payment of a refund', { id: 'rfd_1-2', data: refund }, {}, 'rfd_1-2 paymentId=pay_1'],
    ['only the id of an event without a payment', { id: 'ord_1-2', data: {} }, {}, 'ord_1-2'],
  ])('has %s', (_what, event, details, entry) => {
    expect(batchEntryOf(event as DomainEvent, details)).toBe(entry);
  });
});

describe('the log line of a batch of messages', () => {
  const sqs = mockClient(SQSClient) as unknown as SQSClient;

  const handleBodies = (
    bodies: readonly string[],
    names: readonly EventName[] = ['PaymentReserved'],
  ) =>
    sqsHandler(
      names,
      {
        ...{ sqs, queueUrl: 'q', clock: { now: () => new Date() }, redeliveryBackoffMs: [] },
        name: 'charge-payment',
        deferralClaims: { claim: async () => true },
      },
      async ({ subject }) => {
        if (subject === 'later') throw new DeferredError('gateway circuit open', 0);
        if (subject === 'never') throw new Error('no');
        recordMetric('GatewayLatency', latencies[subject] ?? 20, approvedCharge);
        const result = { ...handled, paymentId: subject };

        return subject === 'again' ? { ...result, outcome: 'duplicate', replayed: true } : result;
      },
    )(
      { Records: bodies.map((body, index) => aQueueRecord(body, { messageId: `m${index}` })) },
      aLambdaContext(),
    );

  const handle = (...payments: readonly string[]) =>
    handleBodies(payments.map((paymentId) => queueMessageBody(reserved(paymentId))));

  it('is one, with each payment and the metrics', async () => {
    await handle('pay_1', 'pay_2', 'pay_3');

    expect(lines).toMatchObject([
      {
        level: 'INFO',
        message: 'batch processed',
        COMPLETED: ['pay_1-1 version=3', 'pay_2-1 version=3', 'pay_3-1 version=3'],
      },
    ]);
    expect(messagesAndMetrics(lines)).toEqual([
      {
        message: 'batch processed',
        metrics: ['GatewayLatency charge approved 3', 'ProcessingLatency succeeded 3'],
      },
    ]);
  });

  it('is the same for a message that is alone', async () => {
    await handle('pay_1');

    expect(lines).toMatchObject([
      { message: 'batch processed', COMPLETED: ['pay_1-1 version=3'], outcome: 'succeeded' },
    ]);
  });

  it('names the event if the function consumes several', async () => {
    await handleBodies(
      [queueMessageBody(reserved('pay_1')), queueMessageBody(aPaymentCompletedEvent())],
      ['PaymentReserved', 'PaymentCompleted'],
    );

    expect(lines).toMatchObject([
      {
        'COMPLETED PaymentReserved': ['pay_1-1 version=3'],
        'COMPLETED PaymentCompleted': [expect.stringMatching(/^pay_[\w-]+-3 version=3$/)],
      },
    ]);
  });

  it('leaves a failed message to a line of its own, with its ids and reason', async () => {
    await handle('pay_1', 'never', 'pay_2');

    const [failed, batch, metrics] = lines;
    expect(failed).toMatchObject({
      ...{ level: 'ERROR', message: 'message failed', messageId: 'm1' },
      ...{ ...ids, paymentId: 'never', error: { name: 'Error', message: 'no' } },
    });
    expect(batch).toMatchObject({ COMPLETED: ['pay_1-1 version=3', 'pay_2-1 version=3'] });
    expect(JSON.stringify(batch)).not.toContain('never');
    expect(lines).toHaveLength(3);
    expect(metrics).not.toHaveProperty('message');
    expect(messagesAndMetrics(lines).flatMap((line) => line.metrics)).toEqual(
      expect.arrayContaining(['ProcessingLatency failed 1', 'ProcessingLatency succeeded 2']),
    );
  });

  it('is missing if every message failed', async () => {
    await handle('never', 'never');

    expect(messagesAndMetrics(lines)).toEqual([
      { message: 'message failed', metrics: [] },
      { message: 'message failed', metrics: [] },
      { message: undefined, metrics: ['ProcessingLatency failed 2'] },
    ]);
  });

  it('has a duplicate apart from what was processed', async () => {
    await handle('pay_1', 'again');

    expect(lines[0]).toMatchObject({
      COMPLETED: ['pay_1-1 version=3'],
      duplicate: ['again-1 version=3'],
    });
  });

  it('has the delay and the reason of a deferred message', async () => {
    await handle('later');

    expect(lines).toMatchObject([
      { deferred: [expect.stringMatching(/^later-1 delay=\d+ reason=gateway circuit open$/)] },
    ]);
    expect(messagesAndMetrics(lines)).toEqual([
      { message: 'batch processed', metrics: ['ProcessingLatency deferred 1'] },
    ]);
  });

  it.each(['not JSON: alice@buyers.example', '{"detail":"alice@buyers.example"}'])(
    'leaves out an unreadable message, whose line has no id but its own: %s',
    async (body) => {
      await handleBodies([queueMessageBody(reserved('pay_1')), body]);

      const [failed, batch] = lines;
      expect(failed).toMatchObject({ message: 'message failed', messageId: 'm1' });
      for (const name of Object.keys(ids)) expect(failed).not.toHaveProperty(name);
      expect(batch).toMatchObject({ COMPLETED: ['pay_1-1 version=3'] });
      expect(JSON.stringify(lines)).not.toContain('alice');
    },
  );

  it.each([
    [['slow'], true],
    [['fast'], false],
    [['pay_1', 'slow', 'pay_2'], true],
    [['slower', 'pay_1'], true],
    [['fast', 'pay_1', 'fast'], false],
  ])('is found by the query of slow gateway requests in the runbook: %j', async (payments, is) => {
    const [, query = ''] =
      /@message like \/("GatewayLatency".*?)\/ \|/.exec(readFileSync('docs/runbook.md', 'utf8')) ??
      [];

    await handle(...payments);

    expect(query).not.toBe('');
    expect(new RegExp(query).test(JSON.stringify(lines[0]))).toBe(is);
  });
});

describe('the log line of a batch of stream records', () => {
  const relay = (...results: readonly (RelayResult | Error)[]) =>
    streamHandler(async (records) =>
      results.map((result, index) =>
        result instanceof Error
          ? { outcome: 'failed', id: `${records[index]?.eventID}: ${result}` }
          : result,
      ),
    )(
      {
        Records: results.map((_, index) => ({
          ...{ eventID: `e${index}`, eventSource: 'aws:dynamodb' },
          dynamodb: { SequenceNumber: `${index}` },
        })),
      } as DynamoDBStreamEvent,
      aLambdaContext(),
    );

  const published = (id: string, event = 'PaymentReserved') =>
    ({ outcome: 'published', id, event }) as const;

  it('is one, with each event and one count for those of a name', async () => {
    await relay(published('pay_1-1'), published('pay_2-1'), { outcome: 'skipped', id: 'e2' });

    expect(lines).toMatchObject([
      {
        message: 'outbox batch relayed',
        ...{ published: ['pay_1-1', 'pay_2-1'], skipped: 1 },
        ...{ event: 'PaymentReserved', EventsPublished: 2 },
      },
    ]);
  });

  it('is missing if there is nothing to publish', async () => {
    await relay({ outcome: 'skipped', id: 'e0' });

    expect(lines).toEqual([]);
  });

  it('is an error with the reason and the record of each failure', async () => {
    await relay(published('pay_1-1'), new Error('bus down'));

    expect(lines[0]).toMatchObject({
      ...{ level: 'ERROR', message: 'outbox batch relayed' },
      ...{ published: ['pay_1-1'], failed: ['e1: Error: bus down'] },
    });
    expect(messagesAndMetrics(lines).flatMap(({ metrics }) => metrics)).toEqual([
      'EventsPublished PaymentReserved 1',
      'OutboxRecordsNotPublished failed 1',
    ]);
  });
});
