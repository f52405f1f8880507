import { describe, expect, it } from 'vitest';
import { parseMessage } from '../../../../shared/application/dead-letters/parse-message.ts';
import { createBatchReader } from '../../../../shared/application/dead-letters/read-failed-batch.ts';
import { openPayment } from '../../../../shared/domain/payments/open-payment.ts';
import { anOrder } from '../../../support/builders/builders.ts';
import { expiredStreams as streams } from '../../../support/fakes/expired-streams.ts';

/**
 * The message that Lambda sends after the relay gave up a batch. Times are whole seconds, as DynamoDB rounds
 * them down.
 */
const failedBatchMessage = (from: string, to: string) =>
  JSON.stringify({
    requestContext: { condition: 'RetryAttemptsExhausted' },
    DDBStreamBatchInfo: {
      shardId: 'shardId-00000001573689847184-864758bb',
      startSequenceNumber: '100000000000000000001',
      endSequenceNumber: '100000000000000000001',
      batchSize: 1,
      streamArn:
        'arn:aws:dynamodb:eu-west-1:123456789012:table/Payments/stream/2026-03-14T00:00:00.000',
      approximateArrivalOfFirstRecord: from,
      approximateArrivalOfLastRecord: to,
    },
  });

const acceptedAt = (at: string) =>
  openPayment(
    { paymentId: 'pay_1', order: anOrder(), paymentMethod: 'sim_approve', requestHash: 'hash' },
    new Date(at),
    1_000,
  );

/** The ids of the events recovered for a message about one payment that was accepted at a time. */
const recoveredIds = async (at: string, body: string) => {
  const message = parseMessage(body);
  if (!('range' in message)) throw new Error('The message is not a failed batch.');
  const storedItems = {
    keyOf: () => ({ paymentId: 'pay_1' }),
    scanPage: async () => ({ items: [{ of: 'payment' as const, item: { ...acceptedAt(at) } }] }),
  };
  const steps = createBatchReader({ streams, storedItems })(message, () => {});

  return (await Array.fromAsync(steps)).flatMap(({ events }) => events.map(({ id }) => id));
};

describe('recover a failed relay batch', () => {
  const second = failedBatchMessage('2026-03-14T12:00:19Z', '2026-03-14T12:00:19Z');
  const minute = failedBatchMessage('2026-03-14T12:00:19Z', '2026-03-14T12:01:19Z');

  it.each([
    ['in the second of the record', '2026-03-14T12:00:19.000Z', second],
    ['later in that second', '2026-03-14T12:00:19.388Z', second],
    ['at the end of that second', '2026-03-14T12:00:19.999Z', second],
    ['by a clock that is ahead', '2026-03-14T12:00:24.500Z', second],
    ['long before it arrived in the stream', '2026-03-14T12:00:00.000Z', second],
    ['long before, by a clock that is behind', '2026-03-14T11:59:54.100Z', second],
    ['between its first and its last record', '2026-03-14T12:00:50.123Z', minute],
    ['in the second of its last record', '2026-03-14T12:01:19.999Z', minute],
  ])('replays an event that was written %s', async (_when, at, body) => {
    expect(await recoveredIds(at, body)).toEqual(['pay_1-1']);
  });

  it.each([
    ['long before', '2026-03-14T11:59:00.000Z'],
    ['long after', '2026-03-14T12:00:40.000Z'],
  ])('recovers no event that was written %s', async (_when, at) => {
    expect(await recoveredIds(at, second)).toEqual([]);
  });
});
