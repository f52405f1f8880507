import { RejectionError } from '../errors.ts';
import { buyerStatus } from './buyer-status.ts';
import { hasFailedByCancellation, releasableStatuses, releaseCancelled } from './hold-release.ts';
import type { OperatorCancellation, Payment, PaymentStatus } from './payment.ts';

/**
 * What a cancellation does: `after` is the released payment; `deferred` records the request, and a capture is
 * refunded; `duplicate` repeats an earlier request.
 */
export type CancellationOutcome = { readonly after: Payment } | 'deferred' | 'duplicate';

/** Statuses in which the charge's outcome is open. A cancellation is deferred until it is known. */
const inFlightStatuses: readonly PaymentStatus[] = [
  'CHARGING',
  'REQUIRES_ACTION',
  'UNKNOWN',
  'IN_REVIEW',
];

/** Who cancels, and why. */
export interface CancellationRequest {
  readonly at: Date;
  /** The function that received the request. */
  readonly by: string;
  /** The buyer's own reason, if given. */
  readonly reason?: string | undefined;
  /** Present if an operator cancels. */
  readonly operatorCancellation?: OperatorCancellation;
}

/** Decides what a cancellation does; rejects it if the payment has already ended. */
export const decideCancellation = (
  payment: Payment,
  { at, by, reason, ...operator }: CancellationRequest,
): CancellationOutcome => {
  const { status, cancelRequestedAt } = payment;
  if (releasableStatuses.includes(status)) {
    // The first request says who cancelled.
    const cancelled = cancelRequestedAt === undefined ? { ...payment, ...operator } : payment;

    return { after: releaseCancelled(cancelled, at, by, reason) };
  }
  if (cancelRequestedAt !== undefined || hasFailedByCancellation(payment)) return 'duplicate';
  if (inFlightStatuses.includes(status)) return 'deferred';
  throw new RejectionError({
    code: 'payment-not-cancellable',
    detail: `A payment that is ${buyerStatus(payment)} cannot be cancelled.`,
  });
};
