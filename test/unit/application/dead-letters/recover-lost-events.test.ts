import { describe, expect, it } from 'vitest';
import { parseMessage } from '../../../../shared/application/dead-letters/parse-message.ts';
import { recoverBatch } from '../../../../shared/application/dead-letters/recover-lost-events.ts';
import { openPayment } from '../../../../shared/domain/payments/open-payment.ts';
import { anOrder } from '../../../support/builders/builders.ts';

/** As Lambda writes it after the relay gave a batch up: whole seconds, for DynamoDB rounds the time of a record down. */
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

/** The events that are told in place of a letter about one payment that was accepted at a time. */
const recoveredEvents = async (at: string, body: string) => {
  const reading = parseMessage(body);
  if (!('table' in reading)) throw new Error('It is read as something else.');
  const since = async () => [{ of: 'payment' as const, item: { ...acceptedAt(at) } }];
  const { disposition: what, recoveredEvents: untold = [] } = await recoverBatch(
    { scanSince: since },
    reading,
  );

  return { what, ids: untold.map(({ id }) => id) };
};

describe('a batch that the relay gave up', () => {
  const second = failedBatchMessage('2026-03-14T12:00:19Z', '2026-03-14T12:00:19Z');
  const minute = failedBatchMessage('2026-03-14T12:00:19Z', '2026-03-14T12:01:19Z');

  it.each([
    ['in the very second of the letter', '2026-03-14T12:00:19.000Z', second],
    ['later in that second', '2026-03-14T12:00:19.388Z', second],
    ['at the end of that second', '2026-03-14T12:00:19.999Z', second],
    ['by a clock that is ahead', '2026-03-14T12:00:24.500Z', second],
    ['a while before it came into the stream', '2026-03-14T12:00:00.000Z', second],
    ['so long before, by a clock that is behind', '2026-03-14T11:59:54.100Z', second],
    ['between its first and its last record', '2026-03-14T12:00:50.123Z', minute],
    ['in the second of its last record', '2026-03-14T12:01:19.999Z', minute],
  ])('tells again what was written %s', async (_when, at, body) => {
    expect(await recoveredEvents(at, body)).toEqual({ what: 'redrive', ids: ['pay_1-1'] });
  });

  it.each([
    ['long before', '2026-03-14T11:59:00.000Z'],
    ['long after', '2026-03-14T12:00:40.000Z'],
  ])('tells nothing of what was written %s', async (_when, at) => {
    expect(await recoveredEvents(at, second)).toEqual({ what: 'obsolete', ids: [] });
  });
});
