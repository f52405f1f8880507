import { Refusal } from '../../domain/errors.ts';
import { isReleasing } from '../../domain/orders/order-cancellation.ts';
import type { Payments } from '../../persistence/payment-repository.ts';

/** The refusal of a request that meets an order whose payment failed: its compensation cancels the order in a moment. */
export const beingReleased = (detail: string, retryAfterSeconds = 1) =>
  new Refusal({ code: 'being-released', detail, retryAfterSeconds });

/**
 * What to answer where a payment holds the order: the refusal itself, or `being-released` if that payment has failed and its compensation
 * has not cancelled the order yet. It reads the payment, so it is for refusals alone.
 */
export const withHolderRead = async (
  { find }: Pick<Payments, 'find'>,
  refusal: Refusal,
): Promise<Refusal> => {
  const { code, paymentId } = refusal.data;
  if (code !== 'payment-in-progress' || paymentId === undefined) return refusal;
  const holder = await find(paymentId);
  if (holder === undefined || !isReleasing(holder)) return refusal;

  return beingReleased('The payment of this order failed. The order is cancelled in a moment.');
};
