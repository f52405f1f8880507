import { expect, it } from 'vitest';
import { erasureOf } from '../../dev/ops/erase-buyer.ts';
import { eventually } from '../support/eventually.ts';
import { type AcceptedPayment, api } from '../support/stack/api-client.ts';
import { db, stack } from '../support/stack/aws-clients.ts';
import { addOwnId } from '../support/stack/own-items.ts';
import { coupons, orders, storedPayment } from '../support/stack/repositories.ts';
import {
  aBuyer,
  aCoupon,
  anOrder,
  aProduct,
  uniqueId,
  wallets,
} from '../support/stack/stack-fixtures.ts';

const erase = erasureOf({ db, tables: stack.tables }, 0);
const request = { actor: 'olivia', reason: 'ticket 4711', isDryRun: false };

/** Waits until no event with the buyer's id is on its way. */
const settled = ({ paymentId }: AcceptedPayment) =>
  eventually(async () => {
    const path = `/operator/payments/${paymentId}/timeline`;
    const { body } = await api.asOperator({ method: 'GET', path });
    expect(body).toMatchObject({ pendingActions: [] });
  });

it('erases a buyer, and the books and an operator’s refund still work', async () => {
  const userId = await aBuyer({ available: 5_000 });
  const couponId = await aCoupon({ buyer: userId });
  const lines = [{ sku: await aProduct({ price: 3_000 }), quantity: 4 }];
  const order = await anOrder({ buyer: userId, lines, couponId });
  const payment = await api.accepted(order, { balanceAmount: 5_000 });
  expect(await api.settled(payment)).toMatchObject({ status: 'COMPLETED' });
  expect(await api.refunded(payment, { amount: 1_000 })).toMatchObject({ status: 'SUCCEEDED' });
  await settled(payment);

  const { pseudonym } = await eventually(async () => {
    const result = await erase({ ...request, userId });
    expect(result.open).toEqual([]);

    return result;
  });

  // The timeline expects no points of an erased buyer.
  await settled(payment);
  const erasedId = addOwnId(`${pseudonym}`);
  const { paymentId, orderId } = payment;
  expect(await storedPayment(paymentId)).toMatchObject({ userId: erasedId });
  expect(await orders.find(orderId)).toMatchObject({ userId: erasedId });
  expect(await coupons.findUse(erasedId, couponId)).toMatchObject({ status: 'USED', orderId });
  expect(await wallets.of(erasedId)).toMatchObject({ available: 0, spent: 5_000 });
  expect((await api.payment(payment)).status).toBe(404);
  expect((await erase({ ...request, userId })).pseudonym).toBeUndefined();

  const { status, body } = await api.asOperator({
    method: 'POST',
    path: `/operator/payments/${paymentId}/refunds`,
    key: uniqueId('key'),
    body: { amount: 10_500, reason: 'dispute of the shop, ticket 4712' },
  });
  expect({ status, body }).toMatchObject({ status: 202 });
  await eventually(async () =>
    expect(await wallets.of(erasedId)).toMatchObject({ available: 5_000, spent: 0 }),
  );
  expect(await storedPayment(paymentId)).toMatchObject({ refunded: 11_500, refundPending: 0 });
  // The suite reconciles the items of this file at its end, also those of the pseudonym.
});
