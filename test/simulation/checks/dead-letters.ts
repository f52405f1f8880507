import type { RunRecord } from '../run-record.ts';
import type { Check } from './check.ts';
import { ordersOf, paymentsOf, refundsOf } from './stored-items.ts';

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** A message that is not JSON, or is about an item that does not exist, can never be processed. */
const isPoison = (run: RunRecord, body: string): boolean => {
  const message = readJson(body);
  if (typeof message !== 'object' || message === null) return true;
  const { detail } = message as { readonly detail?: { readonly data?: object } };
  if (detail === undefined) return false;
  const { paymentId, refundId, orderId } = (detail.data ?? {}) as Record<string, unknown>;
  const exists =
    paymentsOf(run).some((payment) => payment.paymentId === paymentId) ||
    refundsOf(run).some((refund) => refund.refundId === refundId) ||
    ordersOf(run).some((order) => order.orderId === orderId);

  return !exists;
};

export const deadLetters: Check = {
  name: 'dead-letters',
  property:
    'After the calm no dead-letter queue holds a message, except one that can never be processed.',
  invariants: [9],
  atEnd: (run) =>
    run.deadLetters
      .filter(({ body }) => !isPoison(run, body))
      .map(({ queue, body }) => `${queue} still holds ${body.slice(0, 200)}`),
};
