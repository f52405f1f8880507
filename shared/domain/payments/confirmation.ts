import { idempotencyKeyReused, RejectionError } from '../errors.ts';
import type { Timings } from '../timings.ts';
import { maxAttempts } from './another-attempt.ts';
import { buyerStatus } from './buyer-status.ts';
import { releaseEndedHold } from './hold-release.ts';
import type { Confirmation, Payment } from './payment.ts';
import { transitionPayment } from './payment-transitions.ts';

/** What the buyer's page reports: a payment method, or that the buyer is back from the gateway's page. */
export interface ConfirmationRequest extends Confirmation {
  readonly paymentMethod?: string | undefined;
  readonly returnUrl?: string | undefined;
}

/**
 * What a confirmation does: `confirmed` is the payment that is charged next; `released` is the payment whose hold
 * has ended instead; `returned` requests an inquiry; `duplicate` repeats an earlier request.
 */
export type ConfirmationOutcome =
  | { readonly confirmed: Payment }
  | { readonly released: Payment }
  | 'returned'
  | 'duplicate';

const by = 'confirm-payment';

/**
 * Decides what a confirmation does. Throws the rejection payment-not-confirmable if the payment does not wait for
 * it, idempotency-key-reused if its key came with another request, and invalid-request without a payment method
 * for a payment that waits for one.
 */
export const decideConfirmation = (
  payment: Payment,
  { id, requestHash, paymentMethod, returnUrl }: ConfirmationRequest,
  at: Date,
  timings: Pick<Timings, 'holdExpiryMs' | 'unclaimedTimeoutMs'>,
): ConfirmationOutcome => {
  const { status, confirmations = [] } = payment;
  const earlier = confirmations.find((one) => one.id === id);
  if (earlier !== undefined && earlier.requestHash !== requestHash) throw idempotencyKeyReused();
  if (earlier !== undefined) return 'duplicate';
  // A method for another attempt is refused while this attempt is not conclusive.
  if (status === 'REQUIRES_ACTION' && paymentMethod === undefined) return 'returned';
  if (status !== 'REQUIRES_METHOD') throw notConfirmable(payment);
  const released = releaseEndedHold(payment, at, by, timings);
  if (released !== undefined) return { released };
  if (paymentMethod === undefined) throw methodMissing();

  return {
    confirmed: transitionPayment(payment, 'confirmed', {
      at,
      by,
      change: {
        paymentMethod,
        ...(returnUrl !== undefined && { returnUrl }),
        confirmations: [...confirmations, { id, requestHash }].slice(-maxAttempts),
        dueAt: new Date(at.getTime() + timings.unclaimedTimeoutMs).toISOString(),
      },
    }),
  };
};

/** The rejection for a payment that waits for no confirmation. */
export const notConfirmable = (payment: Payment): RejectionError => {
  const { failure } = payment;
  const reason = payment.status === 'FAILED' && failure ? ` ${failure.reason}` : '';

  return new RejectionError({
    code: 'payment-not-confirmable',
    detail: `A payment that is ${buyerStatus(payment)} cannot be confirmed with this request.${reason}`,
  });
};

const methodMissing = () =>
  new RejectionError({
    code: 'invalid-request',
    detail: 'The request is invalid.',
    errors: [{ pointer: '/paymentMethod', detail: 'The payment waits for a payment method.' }],
  });
