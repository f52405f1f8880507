import { RejectionError } from '../errors.ts';
import { cancellationCode, releaseCancelled } from './hold-release.ts';
import { buyerStatus, type Payment, type PaymentStatus } from './payment.ts';

/**
 * What a cancellation does: `after` is the released payment; `deferred` records the request, and a capture is
 * refunded; `duplicate` repeats an earlier request.
 */
export type CancellationOutcome = { readonly after: Payment } | 'deferred' | 'duplicate';

/** Statuses in which the charge's outcome is open. A cancellation is deferred until it is known. */
export const inFlightStatuses: readonly PaymentStatus[] = ['CHARGING', 'UNKNOWN', 'IN_REVIEW'];

/** Decides what the buyer's cancellation does; rejects it if the payment has already ended. */
export const decideCancellation = (
  payment: Payment,
  at: Date,
  reason?: string,
): CancellationOutcome => {
  const { status, cancelRequestedAt, failure } = payment;
  if (status === 'RESERVED') {
    return { after: releaseCancelled(payment, at, 'cancel-payment', reason) };
  }
  if (cancelRequestedAt !== undefined || failure?.code === cancellationCode) return 'duplicate';
  if (inFlightStatuses.includes(status)) return 'deferred';
  throw new RejectionError({
    code: 'payment-not-cancellable',
    detail: `A payment that is ${buyerStatus(payment)} cannot be cancelled.`,
  });
};
