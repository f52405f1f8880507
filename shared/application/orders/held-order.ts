import { RejectionError } from '../../domain/errors.ts';
import { isBeingReleased } from '../../domain/payments/funds-state.ts';
import type { PaymentRepository } from '../../persistence/payment-repository.ts';

/** The rejection for an order or a coupon whose compensation is still running. */
export const beingReleased = (detail: string, retryAfterSeconds = 1) =>
  new RejectionError({ code: 'being-released', detail, retryAfterSeconds });

/**
 * Explains a `payment-in-progress` rejection: returns `being-released` if the payment has failed and its
 * compensation has not cancelled the order yet, and the given rejection otherwise. It reads the payment, so
 * call it only for rejections.
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
