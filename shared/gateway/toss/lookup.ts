import type { Exchange } from '../exchange.ts';
import type { ChargeReference } from '../payment-gateway.ts';
import type { createTossClient } from './client.ts';
import { findPayment, fundsOf } from './outcomes.ts';

type PaymentIdentity = Pick<ChargeReference, 'reference' | 'transactionId' | 'paymentMethod'>;

/**
 * Looks a payment up by orderId. Each window of an order makes a payment, and Toss does not document which of
 * them it shows: if it is another one than ours and not captured, looks up the payment of our paymentKey.
 */
export const lookUpPayment = async (
  { get }: Pick<ReturnType<typeof createTossClient>, 'get'>,
  request: PaymentIdentity,
): Promise<Exchange> => {
  const byOrder = await get(`/v1/payments/orders/${encodeURIComponent(request.reference)}`);
  const paymentKey = request.transactionId ?? request.paymentMethod;
  if (paymentKey === undefined || !showsAnotherUncaptured(byOrder, paymentKey)) return byOrder;
  const byKey = await get(paymentPath(paymentKey));

  return isAboutAnotherOrder(byKey, request) ? byOrder : byKey;
};

export const paymentPath = (paymentKey: string): string =>
  `/v1/payments/${encodeURIComponent(paymentKey)}`;

const showsAnotherUncaptured = (result: Exchange, paymentKey: string): boolean => {
  const found = findPayment(result);

  return !('outcome' in found) && found.paymentKey !== paymentKey && fundsOf(found) !== 'captured';
};

/** Also if Toss has no such payment: a buyer can invent a paymentKey. */
const isAboutAnotherOrder = (result: Exchange, { reference }: PaymentIdentity): boolean => {
  const found = findPayment(result);

  return 'outcome' in found ? found.outcome === 'not-found' : found.orderId !== reference;
};
