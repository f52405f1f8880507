import { RejectionError } from '../errors.ts';
import { buyerStatus, type Payment, type PaymentStatus } from './payment.ts';
import { transitionPayment } from './payment-transitions.ts';

/** What a cancel does: nothing is at the PG and it fails; or the wish is noted, and what is captured is refunded; or that was done. */
export type CancellationOutcome = { readonly after: Payment } | 'deferred' | 'duplicate';

const cancellationCode = 'cancelled-by-buyer';

/** Somebody is about to find out, or to decide, whether it is charged: nobody else may say. */
export const inFlightStatuses: readonly PaymentStatus[] = ['CHARGING', 'UNKNOWN', 'IN_REVIEW'];

/** What a buyer's cancel does with a payment as it stands; refused where it has ended by itself. */
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

/** RESERVED -> FAILED: whoever claims sends, and whoever could provably not send has given the claim back. */
export const releaseCancelled = (
  payment: Payment,
  at: Date,
  by: string,
  cancelReason?: string,
): Payment => {
  const evidence = `RESERVED in version ${payment.version}, attempt ${payment.attempt}: nothing was sent to the PG.`;

  return transitionPayment(payment, 'holdReleased', {
    at,
    by,
    detail: `the buyer cancelled it${cancelReason === undefined ? '' : `: ${cancelReason}`}`,
    change: {
      failure: { code: cancellationCode, reason: 'The buyer cancelled it.', evidence },
      ...(cancelReason !== undefined && { cancelReason }),
    },
  });
};
