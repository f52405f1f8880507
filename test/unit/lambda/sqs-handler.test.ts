import { ChangeMessageVisibilityCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createDomainEvent } from '../../../shared/domain/events/domain-event.ts';
import { type DeferralClaims, DeferredError } from '../../../shared/lambda/message-deferral.ts';
import { sqsHandler } from '../../../shared/lambda/sqs-handler.ts';
import { logger } from '../../../shared/observability/logger.ts';
import { createDeferralClaims } from '../../../shared/persistence/deferral-claims.ts';
import { noon } from '../../support/builders/builders.ts';
import { aQueueRecord } from '../../support/builders/queue-record.ts';
import { traceId, traceparent } from '../../support/builders/trace.ts';
import { captureMetrics } from '../../support/capture-metrics.ts';
import { MemoryDynamo } from '../../support/fakes/memory-dynamo.ts';

const sqs = mockClient(SQSClient);
const queueUrl = 'http://127.0.0.1/queue';
let tables = new MemoryDynamo({ Idempotency: ['id'] });
let at = noon;

const bodyOf = (subject: string) => {
  const { name, ...detail } = createDomainEvent(
    'PaymentReserved',
    { subject, version: 1, at: '2026-03-14T12:00:00.000Z' },
    { paymentId: subject, orderId: 'ord_1', userId: 'alice', amount: 1, currency: 'KRW' },
  );

  return JSON.stringify({ 'detail-type': name, detail });
};

const batch = (...bodies: readonly string[]): SQSEvent => ({
  Records: bodies.map((body, index) => aQueueRecord(body, { messageId: `m${index}`, receives: 2 })),
});

const context = {
  awsRequestId: 'request',
  getRemainingTimeInMillis: () => 10_000,
} as Partial<Context> as Context;

/**
 * Handles a batch with a given result for each payment. Returns the handled events and the reported failures.
 */
const handleBatch = async (
  event: SQSEvent,
  errors: Record<string, Error>,
  claims: { readonly deferralClaims?: DeferralClaims } = {
    deferralClaims: createDeferralClaims(tables.client, 'Idempotency'),
  },
) => {
  const handledSubjects: string[] = [];
  const handler = sqsHandler(
    ['PaymentReserved'],
    {
      sqs: sqs as unknown as SQSClient,
      queueUrl,
      name: 'charge-payment',
      ...claims,
      clock: { now: () => at },
      redeliveryBackoffMs: [1_000, 2_500],
    },
    async ({ subject }) => {
      handledSubjects.push(subject);
      const error = errors[subject];
      if (error) throw error;

      return { outcome: 'done' };
    },
  );
  const { batchItemFailures } = (await handler(event, context)) as SQSBatchResponse;

  return {
    seen: handledSubjects,
    failed: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
  };
};

beforeEach(() => {
  sqs.reset();
  sqs.resolves({});
  tables = new MemoryDynamo({ Idempotency: ['id'] });
  at = noon;
});

describe('SQS handler', () => {
  it('reports only the failed message', async () => {
    const event = batch(bodyOf('pay_1'), bodyOf('pay_2'), bodyOf('pay_3'));

    const { seen: handledSubjects, failed } = await handleBatch(event, { pay_2: new Error('no') });

    expect(handledSubjects).toEqual(['pay_1', 'pay_2', 'pay_3']);
    expect(failed).toEqual(['m1']);
  });

  it.each([
    ['is not JSON', '{'],
    ['is not an event', '{}'],
    ['is an event without a subscription', bodyOf('pay_1').replace('PaymentReserved', 'Other')],
    ['has an amount as text', bodyOf('pay_1').replace('"amount":1', '"amount":"1"')],
  ])('reports a message that %s and does not handle it', async (_case, poison) => {
    const { seen: handledSubjects, failed } = await handleBatch(batch(poison, bodyOf('pay_2')), {});

    expect(handledSubjects).toEqual(['pay_2']);
    expect(failed).toEqual(['m0']);
  });

  it('handles a message that has a field of a later version', async () => {
    const later = bodyOf('pay_1').replace('"data":{', '"data":{"channel":"app",');

    const { seen: handledSubjects, failed } = await handleBatch(batch(later), {});

    expect(handledSubjects).toEqual(['pay_1']);
    expect(failed).toEqual([]);
  });

  it('reports all messages if all failed', async () => {
    const fates = { pay_1: new Error('no'), pay_2: new Error('no') };

    const { failed } = await handleBatch(batch(bodyOf('pay_1'), bodyOf('pay_2')), fates);

    expect(failed).toEqual(['m0', 'm1']);
  });

  it('delays a failed message with a backoff by receive count', async () => {
    await handleBatch(batch(bodyOf('pay_1')), { pay_1: new Error('no') });

    const [call] = sqs.commandCalls(ChangeMessageVisibilityCommand);
    expect(call?.args[0].input).toEqual({
      QueueUrl: queueUrl,
      ReceiptHandle: 'receipt-m0',
      VisibilityTimeout: 3,
    });
  });

  it('reports a failed message whose delay could not be set', async () => {
    sqs.on(ChangeMessageVisibilityCommand).rejects(new Error('throttled'));

    const { failed } = await handleBatch(batch(bodyOf('pay_1')), { pay_1: new Error('no') });

    expect(failed).toEqual(['m0']);
  });

  it('records the latency by the status of each message', async () => {
    const metrics = captureMetrics();
    const fates = { pay_2: new DeferredError('not now', 1_000), pay_3: new Error('no') };

    await handleBatch(batch(...['pay_1', 'pay_2', 'pay_3'].map((id) => bodyOf(id))), fates);

    expect(metrics).toHaveLength(3);
    for (const outcome of ['succeeded', 'deferred', 'failed']) {
      expect(metrics).toContainEqual({ outcome, ProcessingLatency: expect.any(Number) });
    }
  });

  it('logs the trace id of an event that failed', async () => {
    const logged = vi.spyOn(logger, 'error');
    const { detail, ...rest } = JSON.parse(bodyOf('pay_1'));
    const body = JSON.stringify({ ...rest, detail: { ...detail, traceparent } });

    await handleBatch(batch(body), { pay_1: new Error('no') });

    expect(logged).toHaveBeenCalledWith('message failed', expect.objectContaining({ traceId }));
  });

  it('sends a deferred message again with its delay and acknowledges it', async () => {
    const event = batch(bodyOf('pay_1'));

    const { failed } = await handleBatch(event, { pay_1: new DeferredError('not now', 1_200) });

    expect(failed).toEqual([]);
    expect(sqs.commandCalls(SendMessageCommand).map(({ args }) => args[0].input)).toEqual([
      {
        QueueUrl: queueUrl,
        MessageBody: bodyOf('pay_1'),
        DelaySeconds: 1,
        MessageAttributes: {
          waitDue: { DataType: 'Number', StringValue: String(noon.getTime() + 1_000) },
          waitSince: { DataType: 'Number', StringValue: String(noon.getTime()) },
        },
      },
    ]);
  });

  it('reports a deferred message that could not be sent again', async () => {
    const logged = vi.spyOn(logger, 'error');
    sqs.on(SendMessageCommand).rejects(new Error('throttled'));

    const { failed } = await handleBatch(batch(bodyOf('pay_1')), {
      pay_1: new DeferredError('not now', 1_200),
    });

    expect(failed).toEqual(['m0']);
    expect(logged).toHaveBeenCalledWith(
      'message failed',
      expect.objectContaining({ messageId: 'm0' }),
    );
  });

  it('defers no message of a queue without claims for its copies', async () => {
    const errors = { pay_1: new DeferredError('not yet', 1_000) };

    expect((await handleBatch(batch(bodyOf('pay_1')), errors, {})).failed).toEqual(['m0']);
    expect(sqs.commandCalls(SendMessageCommand)).toEqual([]);
  });
});
