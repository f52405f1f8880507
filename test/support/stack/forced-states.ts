import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expect } from 'vitest';
import { declineReasons } from '../../../shared/domain/payments/buyer-failure.ts';
import { openPayment, rejectPayment } from '../../../shared/domain/payments/open-payment.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { transitionPayment } from '../../../shared/domain/payments/payment-transitions.ts';
import { balanceAmountOf } from '../../../shared/domain/payments/tenders.ts';
import { openRefund } from '../../../shared/domain/refunds/open-refund.ts';
import type { Refund } from '../../../shared/domain/refunds/refund.ts';
import { timings } from '../../../shared/domain/timings.ts';
import { commit } from '../../../shared/persistence/dynamodb/transaction.ts';
import { aStoredRejection } from '../builders/payment-history.ts';
import { eventually } from '../eventually.ts';
import type { PlacedOrder } from './api-client.ts';
import { db, stack } from './aws-clients.ts';
import { balances, orders, payments, products, refunds, storedPayment } from './repositories.ts';
import { balancePart, orderOf, uniqueId } from './stack-fixtures.ts';
import { overdueTime } from './sweep.ts';

interface ForcedPaymentOptions {
  readonly paymentId?: string;
  /** Minor units to take from the balance. */
  readonly balanceAmount?: number;
}

const newPaymentRequest = async (
  { orderId }: PlacedOrder,
  { paymentId = uniqueId('pay'), balanceAmount = balancePart }: ForcedPaymentOptions = {},
) => ({
  paymentId,
  balanceAmount,
  order: await orderOf(orderId),
  paymentMethod: 'sim_approve',
  requestHash: uniqueId('hash'),
});

const minute = 60_000;

/** A payment in CHARGING whose charger died between the claim and the gateway call. */
export const aClaimedPayment = async (
  order: PlacedOrder,
  expiresAt: Date,
  at = new Date(),
  options: ForcedPaymentOptions = {},
): Promise<Payment> => {
  const request = await newPaymentRequest(order, options);
  const expiry = expiresAt.toISOString();
  const opened = openPayment(request, at, 5 * minute);
  const claimed = transitionPayment(opened, 'claimed', {
    at,
    by: 'charge-payment',
    change: { attempt: 1, claimExpiresAt: expiry, dueAt: opened.dueAt },
  });
  const writes = [
    payments.insert(claimed),
    orders.assignPayment(request.order, claimed),
    balances.hold(claimed, balanceAmountOf(claimed)),
    ...request.order.lines.map((line) => products.reserve(line)),
  ];
  const conflicts = await commit(
    db,
    writes.map((write) => ({ write, toRejection: () => write })),
  );
  expect(conflicts).toEqual([]);

  return claimed;
};

/** A payment rejected at accept some time ago by an earlier version, whose event was never published. */
export const aRejectedPayment = async (order: PlacedOrder): Promise<Payment> => {
  const failure = { code: 'insufficient-balance', reason: 'The balance was too small then.' };
  const at = new Date(Date.now() - minute);
  const rejected = aStoredRejection(rejectPayment(await newPaymentRequest(order), at, failure));
  const conflicts = await commit(db, [
    { write: payments.insert(rejected), toRejection: () => rejected },
  ]);
  expect(conflicts).toEqual([]);

  return rejected;
};

/** Expires an order, long enough ago for the sweeper to find it. */
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

/** Expires a claim lease now. */
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

/** Ends the time in which the buyer may act at the gateway, long enough ago for the sweeper to find it. */
export const expireAction = (paymentId: string) =>
  db.send(
    new UpdateCommand({
      TableName: stack.tables.payments,
      Key: { paymentId },
      UpdateExpression: 'SET #action.expiresAt = :past, dueAt = :past',
      ConditionExpression: '#status = :waiting',
      ExpressionAttributeNames: { '#action': 'action', '#status': 'status' },
      ExpressionAttributeValues: { ':past': overdueTime(), ':waiting': 'REQUIRES_ACTION' },
    }),
  );

/** Ends the hold of a payment that waits for a payment method, long enough ago for the sweeper to find it. */
export const expireHold = (paymentId: string) =>
  db.send(
    new UpdateCommand({
      TableName: stack.tables.payments,
      Key: { paymentId },
      UpdateExpression: 'SET createdAt = :created, dueAt = :past',
      ConditionExpression: '#status = :waiting',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: {
        ':created': new Date(Date.now() - timings.local.holdExpiryMs - minute).toISOString(),
        ':past': overdueTime(),
        ':waiting': 'REQUIRES_METHOD',
      },
    }),
  );

/** Charges at the gateway under the payment's own key, without a webhook: as a charger that dies before the response. */
export const chargeDirectly = async (payment: Payment) => {
  const { paymentId, gatewayAmount: amount, currency, paymentMethod } = payment;
  const { status } = await fetch(`${stack.simulatorUrl}/charges`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `chg:${paymentId}:1` },
    body: JSON.stringify({ reference: paymentId, amount, currency, paymentMethod, notify: false }),
  });
  expect([200, 402]).toContain(status);
};

/** A payment in UNKNOWN whose next scheduled inquiry is an hour after `at`, or after the given delay. */
export const anUnknownPayment = async (
  order: PlacedOrder,
  at = new Date(),
  inquiryDelayMs = 60 * minute,
): Promise<Payment> => {
  const claimed = await aClaimedPayment(order, at, at);
  const unknown = transitionPayment(claimed, 'outcomeUnknown', {
    at,
    by: 'charge-payment',
    change: { dueAt: new Date(at.getTime() + inquiryDelayMs).toISOString() },
  });
  expect(await payments.tryUpdate(claimed, unknown)).toBe(true);

  return unknown;
};

const insufficientFunds = {
  code: 'insufficient-funds',
  reason: declineReasons['insufficient-funds'],
} as const;

/** A declined payment before its compensation. */
export const aDeclinedPayment = async (order: PlacedOrder): Promise<Payment> => {
  const at = new Date();
  const claimed = await aClaimedPayment(order, at);
  const declined = transitionPayment(claimed, 'declined', {
    at,
    by: 'charge-payment',
    change: { failure: insufficientFunds },
  });
  expect(await payments.tryUpdate(claimed, declined)).toBe(true);

  return declined;
};

/** Moves a payment in UNKNOWN to FAILED, as an inquiry with a decline does. */
export const forceDecline = (paymentId: string) =>
  // A concurrent inquiry may have changed it.
  eventually(async () => {
    const before = await storedPayment(paymentId);
    const after = transitionPayment(before, 'declined', {
      at: new Date(),
      by: 'inquire-payment',
      change: { failure: insufficientFunds },
    });
    expect(await payments.tryUpdate(before, after)).toBe(true);
  });

/** A refund whose response was lost and whose next attempt is an hour from now. */
export const aRefundWithUnknownOutcome = (paymentId: string, amount: number): Promise<Refund> =>
  // A webhook may cause an inquiry between the read and the write.
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
