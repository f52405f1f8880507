import { randomUUID } from 'node:crypto';
import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { aQueueRecord } from '../../../support/builders/queue-record.ts';

import 'aws-sdk-client-mock-vitest/extend';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { eventConsumer } from '../../../../shared/application/events/event-consumer.ts';
import type { DomainEvent } from '../../../../shared/domain/events/domain-event.ts';
import { logger } from '../../../../shared/observability/logger.ts';
import {
  aPaymentCompletedEvent,
  itemExistsError,
} from '../../../support/builders/consumer-events.ts';

const table = mockClient(DynamoDBClient);
const queue = mockClient(SQSClient);
const effect = vi.fn(async ({ data }: DomainEvent<'PaymentCompleted' | 'RefundCompleted'>) => ({
  outcome: 'counted',
  paymentId: data.paymentId,
}));
const name = 'update-ranking';
const handler = eventConsumer(
  {
    name,
    idempotency: { table: 'Idempotency', dynamoDb: new DynamoDBClient() },
    queue: {
      sqs: queue as unknown as SQSClient,
      queueUrl: 'http://queue',
      name,
      deferralClaims: { claim: async () => true },
      clock: { now: () => new Date() },
      redeliveryBackoffMs: [1_000, 60_000],
    },
  },
  effect,
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
  table.reset();
  queue.reset();
  effect.mockReset();
  table.on(PutItemCommand).resolves({});
  table.on(UpdateItemCommand).resolves({});
});

describe('event consumer', () => {
  it('keeps the ids of its events apart from those of other consumers', async () => {
    expect(await consume(aMessage(bodyOf(aPaymentCompletedEvent())))).toEqual({
      batchItemFailures: [],
    });

    const [put] = table.commandCalls(PutItemCommand);
    expect(put?.args[0].input).toMatchObject({
      TableName: 'Idempotency',
      Item: { id: { S: expect.stringMatching(/^update-ranking#/) } },
    });
  });

  it('ignores a duplicate event and logs it', async () => {
    const logInfo = vi.spyOn(logger, 'info');
    table.on(PutItemCommand).rejects(
      Object.assign(itemExistsError(), {
        Item: marshall({
          id: 'update-ranking#1',
          status: 'COMPLETED',
          expiration: Math.floor(Date.now() / 1_000) + 60,
          data: { value: { outcome: 'counted' }, replayed: false },
        }),
      }),
    );

    expect(await consume(aMessage(bodyOf(aPaymentCompletedEvent())))).toEqual({
      batchItemFailures: [],
    });

    expect(effect).not.toHaveBeenCalled();
    expect(logInfo).toHaveBeenCalledWith('duplicate', expect.anything());
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
    [
      'an event with an unknown field',
      bodyOf({ ...aPaymentCompletedEvent(), extra: 1 } as DomainEvent),
    ],
  ])('leaves %s to the dead-letter queue without an effect', async (_, body) => {
    const message = aMessage(body);

    expect(await consume(message)).toEqual({
      batchItemFailures: [{ itemIdentifier: message.messageId }],
    });
    expect(effect).not.toHaveBeenCalled();
  });
});
