import { randomUUID } from 'node:crypto';
import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { aQueueRecord } from '../../../support/builders/queue-record.ts';

import 'aws-sdk-client-mock-vitest/extend';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { eventConsumer } from '../../../../shared/application/events/event-consumer.ts';
import type { DomainEvent } from '../../../../shared/domain/events/domain-event.ts';
import type { HandlingResult } from '../../../../shared/lambda/message-deferral.ts';
import { logger } from '../../../../shared/observability/logger.ts';
import { aPaymentCompletedEvent } from '../../../support/builders/consumer-events.ts';

const queue = mockClient(SQSClient);
const effect = vi.fn(async ({ data }: DomainEvent<'PaymentCompleted' | 'RefundCompleted'>) => ({
  outcome: 'counted',
  paymentId: data.paymentId,
}));
const findResult = vi.fn(async (): Promise<HandlingResult | undefined> => undefined);
const name = 'update-ranking';
const handler = eventConsumer(
  {
    name,
    queue: {
      sqs: queue as unknown as SQSClient,
      queueUrl: 'http://queue',
      name,
      clock: { now: () => new Date() },
      redeliveryBackoffMs: [1_000, 60_000],
    },
  },
  effect,
  findResult,
);

const aMessage = (body: string, receives = 1) =>
  aQueueRecord(body, { messageId: randomUUID(), receives });

const bodyOf = ({ name, ...detail }: DomainEvent) =>
  JSON.stringify({ 'detail-type': name, source: detail.source, detail });

const consume = (...Records: SQSRecord[]) =>
  handler({ Records } satisfies SQSEvent, {
    awsRequestId: 'request',
    getRemainingTimeInMillis: () => 10_000,
  } as Context);

beforeEach(() => {
  queue.reset();
  effect.mockReset();
  findResult.mockReset();
});

describe('event consumer', () => {
  it('reads no marker of an event that has an effect', async () => {
    const message = aMessage(bodyOf(aPaymentCompletedEvent()));

    expect(await consume(message)).toEqual({ batchItemFailures: [] });

    expect(effect).toHaveBeenCalledOnce();
    expect(findResult).not.toHaveBeenCalled();
  });

  it('answers a duplicate event from its marker and logs it', async () => {
    const logInfo = vi.spyOn(logger, 'info');
    const event = aPaymentCompletedEvent();
    const { paymentId } = event.data;
    effect.mockResolvedValue({ outcome: 'duplicate', paymentId });
    findResult.mockResolvedValue({ outcome: 'counted', day: '2026-03-14' });

    expect(await consume(aMessage(bodyOf(event)))).toEqual({ batchItemFailures: [] });

    expect(findResult).toHaveBeenCalledExactlyOnceWith(event);
    expect(logInfo).toHaveBeenCalledWith(
      'batch processed',
      expect.objectContaining({
        'duplicate PaymentCompleted': [`${paymentId}-3 day=2026-03-14`],
      }),
    );
  });

  it('fails a duplicate whose marker cannot be read, so that it comes again', async () => {
    const message = aMessage(bodyOf(aPaymentCompletedEvent()));
    effect.mockImplementation(async ({ data: { paymentId } }) => ({
      outcome: 'duplicate',
      paymentId,
    }));
    findResult.mockRejectedValue(new Error('no table'));

    expect(await consume(message)).toEqual({
      batchItemFailures: [{ itemIdentifier: message.messageId }],
    });
  });

  it('reports only the failed event and processes the others', async () => {
    const broken = aPaymentCompletedEvent();
    effect.mockImplementation(async ({ id, data: { paymentId } }) => {
      if (id === broken.id) throw new Error('500');

      return { outcome: 'counted', paymentId };
    });
    const messages = [aPaymentCompletedEvent(), broken, aPaymentCompletedEvent()].map((event) =>
      aMessage(bodyOf(event)),
    );

    const { batchItemFailures } = (await consume(...messages)) ?? {};

    expect(batchItemFailures).toEqual([{ itemIdentifier: messages[1]?.messageId }]);
    expect(effect).toHaveBeenCalledTimes(3);
  });

  it('increases the redelivery delay with each attempt', async () => {
    effect.mockRejectedValue(new Error('500'));

    await consume(aMessage(bodyOf(aPaymentCompletedEvent()), 1));
    await consume(aMessage(bodyOf(aPaymentCompletedEvent()), 2));
    await consume(aMessage(bodyOf(aPaymentCompletedEvent()), 3));

    const delays = queue
      .commandCalls(ChangeMessageVisibilityCommand)
      .map(({ args: [{ input }] }) => input.VisibilityTimeout);
    expect(delays).toEqual([1, 60, 60]);
  });

  it.each([
    ['invalid JSON', 'poison'],
    [
      'an event that it is not subscribed to',
      bodyOf({ ...aPaymentCompletedEvent(), name: 'PaymentFailed' }),
    ],
    ['an event without a subject', bodyOf({ ...aPaymentCompletedEvent(), subject: '' })],
  ])('leaves %s to the dead-letter queue without an effect', async (_, body) => {
    const message = aMessage(body);

    expect(await consume(message)).toEqual({
      batchItemFailures: [{ itemIdentifier: message.messageId }],
    });
    expect(effect).not.toHaveBeenCalled();
  });
});
