import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import type { LocalStack } from '../../dev/local/stack-descriptor.ts';
import { deriveEventReviewId } from '../../shared/domain/ids.ts';
import { api } from '../support/stack/api-client.ts';
import { db, stack } from '../support/stack/aws-clients.ts';
import { environmentVariable } from '../support/stack/function-environment.ts';
import { consumerQueue, sendMessage, takeMessage } from '../support/stack/queues.ts';
import { anOrder, uniqueId } from '../support/stack/stack-fixtures.ts';

/** Writes a malformed item; the returned function deletes it. */
const poison = async (table: keyof LocalStack['tables'], key: object, rest: object) => {
  const TableName = stack.tables[table];
  await db.send(new PutCommand({ TableName, Item: { ...key, ...rest } }));

  return () => db.send(new DeleteCommand({ TableName, Key: { ...key } }));
};

/** Waits for the review of an event that cannot be built, and closes it. */
const takenReview = async (paymentId: string, version: number) => {
  const { Attributes } = await db.send(
    new DeleteCommand({
      TableName: stack.tables.reviews,
      Key: { reviewId: deriveEventReviewId(paymentId, version) },
      ReturnValues: 'ALL_OLD',
    }),
  );

  return Attributes;
};

it.concurrent.for<[string, (mark: string) => string]>([
  ['no JSON', (mark: string) => `{"not": "JSON, ${mark}`],
  ['no event', (mark: string) => JSON.stringify({ hello: mark })],
  [
    'an event of a payment that does not exist',
    (paymentId: string) =>
      JSON.stringify({
        'detail-type': 'PaymentReserved',
        detail: {
          specversion: '1.0',
          id: `${paymentId}-1`,
          source: 'aftercommit.payments',
          type: 'aftercommit.payment.reserved.v1',
          subject: paymentId,
          time: '2026-01-01T00:00:00.000Z',
          data: { paymentId, orderId: 'ord', userId: 'u', amount: 1, currency: 'KRW' },
        },
      }),
  ],
])('moves a charge message that is %s to the DLQ and blocks no other', async ([, bodyOf]) => {
  const { url, deadLettersUrl } = consumerQueue('charge-payment');
  const mark = uniqueId('poison');
  const order = await anOrder();

  await sendMessage(url, bodyOf(mark));
  const payment = await api.accepted(order);

  expect(await api.settled(payment)).toMatchObject({ status: 'COMPLETED' });
  expect(await takeMessage(deadLettersUrl, mark)).toMatchObject({
    Body: expect.stringContaining(mark),
  });
});

it.concurrent.for([
  ['payments', 'paymentId', { status: 'NO_SUCH_STATE', version: 'one' }, 0],
  ['payments', 'paymentId', { status: 'RESERVED', version: 3, amount: 2_999.5 }, 3],
  ['orders', 'orderId', { status: 'COMPLETED', version: 2, lines: 'none' }, undefined],
] as const)(
  'quarantines a malformed item of %s, opens a review and blocks no other record',
  async ([table, id, rest, reviewed]) => {
    const mark = uniqueId('poison');
    const order = await anOrder();

    const remove = await poison(table, { [id]: mark }, rest);
    const payment = await api.accepted(order);

    expect(await api.settled(payment)).toMatchObject({ status: 'COMPLETED' });
    const undeliverable = await environmentVariable('relay-changes', 'UNDELIVERABLE_QUEUE_URL');
    await takeMessage(undeliverable, mark);
    await remove();
    if (reviewed !== undefined)
      expect(await takenReview(mark, reviewed)).toMatchObject({
        kind: 'event',
        paymentId: mark,
        status: 'OPEN',
      });
  },
);
