import { RejectionError } from '../../domain/errors.ts';
import { isBeingReleased } from '../../domain/payments/funds-state.ts';
import type { PaymentRepository } from '../../persistence/payment-repository.ts';

/** The refusal of a request that meets an order whose payment failed: its compensation cancels the order in a moment. */
export const beingReleased = (detail: string, retryAfterSeconds = 1) =>
  new RejectionError({ code: 'being-released', detail, retryAfterSeconds });

/**
 * What to answer where a payment holds the order: the refusal itself, or `being-released` if that payment has failed and its compensation
 * has not cancelled the order yet. It reads the payment, so it is for refusals alone.
 */
export const explainHeldOrder = async (
  { find }: Pick<PaymentRepository, 'find'>,
  rejection: RejectionError,
): Promise<RejectionError> => {
  const { code, paymentId } = rejection.data;
  if (code !== 'payment-in-progress' || paymentId === undefined) return rejection;
  const holder = await find(paymentId);
  if (holder === undefined || !isBeingReleased(holder)) return rejection;

  return beingReleased('The payment of this order failed. The order is cancelled in a moment.');
};
