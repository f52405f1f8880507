import { RejectionError } from '../errors.ts';
import type { Payment } from '../payments/payment.ts';

/**
 * Rejects a buyer's refund unless less than `windowMs` has passed since the payment completed. A payment that has
 * not completed is rejected only if the window is 0: then no buyer may refund, at any time.
 */
export const assertBuyerMayRefund = (
  { history }: Pick<Payment, 'history'>,
  at: Date,
  windowMs: number,
): void => {
  const completedAt = history.find(({ to }) => to === 'COMPLETED')?.at;
  // Clocks differ: a completion in the future has just happened.
  const elapsedMs = completedAt ? Math.max(0, at.getTime() - Date.parse(completedAt)) : 0;
  if (elapsedMs < windowMs) return;
  throw new RejectionError({
    code: 'refund-not-allowed',
    detail:
      windowMs === 0
        ? 'Buyers cannot refund here: ask the support of the shop.'
        : `Buyers can refund within ${windowMs / 60_000} minutes after the payment completed: ask the support of the shop.`,
  });
};
