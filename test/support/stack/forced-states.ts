import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expect } from 'vitest';
import { openPayment, rejectPayment } from '../../../shared/domain/payments/open-payment.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { transitionPayment } from '../../../shared/domain/payments/payment-transitions.ts';
import { openRefund } from '../../../shared/domain/refunds/open-refund.ts';
import type { Refund } from '../../../shared/domain/refunds/refund.ts';
import { commit } from '../../../shared/persistence/dynamodb/transaction.ts';
import { eventually } from '../eventually.ts';
import type { PlacedOrder } from './api-client.ts';
import { db, stack } from './aws-clients.ts';
import { balances, orders, payments, products, refunds, storedPayment } from './repositories.ts';
import { orderOf, uniqueId } from './stack-fixtures.ts';
import { overdueTime } from './sweep.ts';

const newPaymentRequest = async ({ orderId }: PlacedOrder, paymentId = uniqueId('pay')) => ({
  paymentId,
  order: await orderOf(orderId),
  paymentMethod: 'sim_approve',
  requestHash: uniqueId('hash'),
});

const minute = 60_000;

/** What a charger leaves that dies between its claim and the PG: CHARGING, and nothing after. */
export const aClaimedPayment = async (
  order: PlacedOrder,
  expiresAt: Date,
  at = new Date(),
  paymentId?: string,
): Promise<Payment> => {
  const request = await newPaymentRequest(order, paymentId);
  const expiry = expiresAt.toISOString();
  const claimed = transitionPayment(openPayment(request, at, 5 * minute), 'claimed', {
    at,
    by: 'charge-payment',
    change: { attempt: 1, claimExpiresAt: expiry, dueAt: expiry },
  });
  const writes = [
    payments.insert(claimed),
    orders.assignPayment(request.order, claimed),
    balances.hold(claimed, claimed.amount),
    ...request.order.lines.map(products.reserve),
  ];
  const conflicts = await commit(
    db,
    writes.map((write) => ({ write, toRejection: () => write })),
  );
  expect(conflicts).toEqual([]);

  return claimed;
};

/** A payment that accept refused a while ago, and of which nobody was told until now. */
export const aRejectedPayment = async (order: PlacedOrder): Promise<Payment> => {
  const failure = { code: 'insufficient-balance', reason: 'The balance was too small then.' };
  const at = new Date(Date.now() - minute);
  const rejected = rejectPayment(await newPaymentRequest(order), at, failure);
  const conflicts = await commit(db, [
    { write: payments.insert(rejected), toRejection: () => rejected },
  ]);
  expect(conflicts).toEqual([]);

  return rejected;
};

/** Lets the time of an order run out, long enough ago for a sweep to find it. */
export const expireOrder = (orderId: string) =>
  db.send(
    new UpdateCommand({
      TableName: stack.tables.orders,
      Key: { orderId },
      UpdateExpression: 'SET expiresAt = :past, dueAt = :past',
      ConditionExpression: 'attribute_exists(dueAt)',
      ExpressionAttributeValues: { ':past': overdueTime() },
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
export const chargeDirectly = async ({ paymentId, amount, currency, paymentMethod }: Payment) => {
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
  const unknown = transitionPayment(claimed, 'outcomeUnknown', {
    at,
    by: 'charge-payment',
    change: { dueAt: new Date(at.getTime() + 60 * minute).toISOString() },
  });
  expect(await payments.tryUpdate(claimed, unknown)).toBe(true);

  return unknown;
};

/** A payment that the PG refused at once, before anything of it is undone. */
export const aDeclinedPayment = async (order: PlacedOrder): Promise<Payment> => {
  const at = new Date();
  const claimed = await aClaimedPayment(order, at);
  const declined = transitionPayment(claimed, 'declined', {
    at,
    by: 'charge-payment',
    change: { failure: { code: 'insufficient_funds', reason: 'Insufficient funds.' } },
  });
  expect(await payments.tryUpdate(claimed, declined)).toBe(true);

  return declined;
};

/** A payment that the PG turned down in the end, after its outcome had been unknown for as long as the test needs. */
export const forceDecline = (paymentId: string) =>
  // An inquiry may have moved it meanwhile.
  eventually(async () => {
    const before = await storedPayment(paymentId);
    const after = transitionPayment(before, 'declined', {
      at: new Date(),
      by: 'inquire-payment',
      change: { failure: { code: 'insufficient_funds', reason: 'The PG said no when asked.' } },
    });
    expect(await payments.tryUpdate(before, after)).toBe(true);
  });

/** A refund of a paid payment whose answer was lost, and which nobody asks about for an hour from now. */
export const aRefundWithUnknownOutcome = (paymentId: string, amount: number): Promise<Refund> =>
  // The PG's webhook may have the payment asked about between the read and the write.
  eventually(async () => {
    const payment = await storedPayment(paymentId);
    const order = await orderOf(payment.orderId);
    const at = new Date();
    const refundInput = {
      refundId: uniqueId('rfd'),
      reason: 'By hand.',
      requestHash: uniqueId('hash'),
    };
    const opened = openRefund(
      { ...refundInput, payment, order, selection: { amount } },
      at,
      'request-refund',
    );
    const dueAt = new Date(at.getTime() + 60 * minute).toISOString();
    const refund = { ...opened.refund, attempts: 1, firstSentAt: at.toISOString(), dueAt };
    const conflicts = await commit(
      db,
      [refunds.insert(refund), payments.updateWrite(payment, opened.payment)].map((write) => ({
        write,
        toRejection: () => write,
      })),
    );
    expect(conflicts).toEqual([]);

    return refund;
  });
