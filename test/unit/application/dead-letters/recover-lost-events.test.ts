import { describe, expect, it } from 'vitest';
import { parseMessage } from '../../../../shared/application/dead-letters/parse-message.ts';
import { recoverBatch } from '../../../../shared/application/dead-letters/recover-lost-events.ts';
import { openPayment } from '../../../../shared/domain/payments/open-payment.ts';
import { anOrder } from '../../../support/builders/builders.ts';

/**
 * The message that Lambda sends after the relay gave up a batch. Times are whole seconds, as DynamoDB rounds
 * them down.
 */
const failedBatchMessage = (from: string, to: string) =>
  JSON.stringify({
    requestContext: { condition: 'RetryAttemptsExhausted' },
    DDBStreamBatchInfo: {
      shardId: 'shardId-00000001573689847184-864758bb',
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

/** The events recovered for a message about one payment that was accepted at a time. */
const recoveredEvents = async (at: string, body: string) => {
  const message = parseMessage(body);
  if (!('table' in message)) throw new Error('The message is not a failed batch.');
  const scanSince = async () => [{ of: 'payment' as const, item: { ...acceptedAt(at) } }];
  const { disposition, recoveredEvents: events = [] } = await recoverBatch({ scanSince }, message);

  return { disposition, ids: events.map(({ id }) => id) };
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
    expect(await recoveredEvents(at, body)).toEqual({ disposition: 'redrive', ids: ['pay_1-1'] });
  });

  it.each([
    ['long before', '2026-03-14T11:59:00.000Z'],
    ['long after', '2026-03-14T12:00:40.000Z'],
  ])('recovers no event that was written %s', async (_when, at) => {
    expect(await recoveredEvents(at, second)).toEqual({ disposition: 'obsolete', ids: [] });
  });
});
