import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expect } from 'vitest';
import {
  openPayment,
  type Payment,
  refusePayment,
} from '../../../shared/domain/payments/payment.ts';
import { advance } from '../../../shared/domain/payments/payment-transitions.ts';
import { openRefund } from '../../../shared/domain/refunds/open-refund.ts';
import type { Refund } from '../../../shared/domain/refunds/refund.ts';
import { commit } from '../../../shared/persistence/dynamodb/transaction.ts';
import { eventually } from '../eventually.ts';
import type { PlacedOrder } from './api-client.ts';
import { db, stack } from './aws-clients.ts';
import { balances, orders, payments, products, refunds, storedPayment } from './repositories.ts';
import { fresh, orderOf } from './stack-fixtures.ts';
import { aWhileAgo } from './sweep.ts';

const requestFor = async ({ orderId }: PlacedOrder, paymentId = fresh('pay')) => ({
  paymentId,
  order: await orderOf(orderId),
  paymentMethod: 'sim_approve',
  requestHash: fresh('hash'),
});

const minute = 60_000;

/** What a charger leaves that dies between its claim and the PG: CHARGING, and nothing after. */
export const aClaimedPayment = async (
  order: PlacedOrder,
  expiresAt: Date,
  at = new Date(),
  paymentId?: string,
): Promise<Payment> => {
  const request = await requestFor(order, paymentId);
  const expiry = expiresAt.toISOString();
  const claimed = advance(openPayment(request, at, 5 * minute), 'claimed', {
    at,
    by: 'charge-payment',
    change: { attempt: 1, claimExpiresAt: expiry, dueAt: expiry },
  });
  const writes = [
    payments.open(claimed),
    orders.bind(request.order, claimed),
    balances.hold(claimed, claimed.amount),
    ...request.order.lines.map(products.reserve),
  ];
  const refused = await commit(
    db,
    writes.map((write) => ({ write, refused: () => write })),
  );
  expect(refused).toEqual([]);

  return claimed;
};

/** A payment that accept refused a while ago, and of which nobody was told until now. */
export const aPaymentRefusedBefore = async (order: PlacedOrder): Promise<Payment> => {
  const failure = { code: 'insufficient-balance', reason: 'The balance was too small then.' };
  const at = new Date(Date.now() - minute);
  const refused = refusePayment(await requestFor(order), at, failure);
  const obstacles = await commit(db, [{ write: payments.open(refused), refused: () => refused }]);
  expect(obstacles).toEqual([]);

  return refused;
};

/** Lets the time of an order run out, long enough ago for a sweep to find it. */
export const expireOrder = (orderId: string) =>
  db.send(
    new UpdateCommand({
      TableName: stack.tables.orders,
      Key: { orderId },
      UpdateExpression: 'SET expiresAt = :past, dueAt = :past',
      ConditionExpression: 'attribute_exists(dueAt)',
      ExpressionAttributeValues: { ':past': aWhileAgo() },
    }),
  );

/** Ends a claim before its time: whoever made it may not have been heard of for long. */
export const expireClaim = (paymentId: string) =>
  db.send(
    new UpdateCommand({
      TableName: stack.tables.payments,
      Key: { paymentId },
      UpdateExpression: 'SET claimExpiresAt = :past',
      ConditionExpression: '#status = :charging',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':past': new Date(0).toISOString(), ':charging': 'CHARGING' },
    }),
  );

/** A charge at the PG, as a charger makes it that dies before it hears the answer; and no webhook tells of it. */
export const chargeByHand = async ({ paymentId, amount, currency, paymentMethod }: Payment) => {
  const { status } = await fetch(`${stack.simulatorUrl}/charges`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `chg:${paymentId}:1` },
    body: JSON.stringify({ reference: paymentId, amount, currency, paymentMethod, notify: false }),
  });
  expect([200, 402]).toContain(status);
};

/** A payment whose outcome nobody knows, and which nobody asks about for an hour from then. */
export const anUnknownPayment = async (order: PlacedOrder, at = new Date()): Promise<Payment> => {
  const claimed = await aClaimedPayment(order, at, at);
  const unknown = advance(claimed, 'outcomeUnknown', {
    at,
    by: 'charge-payment',
    change: { dueAt: new Date(at.getTime() + 60 * minute).toISOString() },
  });
  expect(await payments.moved(claimed, unknown)).toBe(true);

  return unknown;
};

/** A payment that the PG refused at once, before anything of it is undone. */
export const aDeclinedPayment = async (order: PlacedOrder): Promise<Payment> => {
  const at = new Date();
  const claimed = await aClaimedPayment(order, at);
  const declined = advance(claimed, 'declined', {
    at,
    by: 'charge-payment',
    change: { failure: { code: 'insufficient_funds', reason: 'The buyer has not enough money.' } },
  });
  expect(await payments.moved(claimed, declined)).toBe(true);

  return declined;
};

/** A payment that the PG turned down in the end, after its outcome had been unknown for as long as the test needs. */
export const declineLate = (paymentId: string) =>
  // An inquiry may have moved it meanwhile.
  eventually(async () => {
    const before = await storedPayment(paymentId);
    const after = advance(before, 'declined', {
      at: new Date(),
      by: 'inquire-payment',
      change: { failure: { code: 'insufficient_funds', reason: 'The PG said no when asked.' } },
    });
    expect(await payments.moved(before, after)).toBe(true);
  });

/** A refund of a paid payment whose answer was lost, and which nobody asks about for an hour from now. */
export const aRefundInDoubt = (paymentId: string, amount: number): Promise<Refund> =>
  // The PG's webhook may have the payment asked about between the read and the write.
  eventually(async () => {
    const payment = await storedPayment(paymentId);
    const order = await orderOf(payment.orderId);
    const at = new Date();
    const asked = { refundId: fresh('rfd'), reason: 'By hand.', requestHash: fresh('hash') };
    const opened = openRefund({ ...asked, payment, order, wish: { amount } }, at, 'request-refund');
    const dueAt = new Date(at.getTime() + 60 * minute).toISOString();
    const refund = { ...opened.refund, tries: 1, askedAt: at.toISOString(), dueAt };
    const refused = await commit(
      db,
      [refunds.open(refund), payments.move(payment, opened.payment)].map((write) => ({
        write,
        refused: () => write,
      })),
    );
    expect(refused).toEqual([]);

    return refund;
  });
