import { actionExpiryOf, canWaitForBuyer } from '../../domain/payments/buyer-action.ts';
import { chargeReferenceOf } from '../../domain/payments/charge-reference.ts';
import { lastClaimedAt } from '../../domain/payments/inquiry-schedule.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import type { Clock } from '../../domain/time.ts';
import type { Timings } from '../../domain/timings.ts';
import type {
  Ambiguous,
  CancelOutcome,
  InquiryOutcome,
  NotFound,
  PaymentGateway,
} from '../../gateway/payment-gateway.ts';
import { zeroAmountApproval } from './decide-transition.ts';

interface Dependencies {
  readonly gateway: Pick<PaymentGateway, 'inquire' | 'cancel'>;
  readonly clock: Clock;
  readonly timings: Timings;
}

/** The gateway has no charge; conclusive if it can never have one. */
export interface NotFoundResult extends NotFound {
  readonly isConclusive: boolean;
  readonly evidence: string;
  /** It had one that waited for the buyer, and the inquiry cancelled it. */
  readonly hasWaited?: true;
}

export type InquiryFinding = Exclude<InquiryOutcome, NotFound> | NotFoundResult;

interface InquiryOptions {
  /** Whether a charge may go on waiting for its buyer until its limit. */
  readonly mayWait: boolean;
}

/**
 * Inquires about the charge of a payment. "Not found" is not a decline, because the charge may still be in
 * flight. It is conclusive only after the gateway's in-flight window, if a cancellation under a stable key
 * has closed the reference and a second inquiry finds nothing.
 *
 * A charge that waits for its buyer is returned as such until its limit, or until the buyer cancels; then it is
 * cancelled in the same way. Without `mayWait` that is done immediately.
 */
export const inquireConclusively = async (
  deps: Dependencies,
  payment: Payment,
  { mayWait }: InquiryOptions,
): Promise<InquiryFinding> => {
  const { gateway, clock, timings } = deps;
  const inquiredAt = clock.now();
  if (payment.gatewayAmount === 0) return zeroAmountApproval(inquiredAt);
  const first = await gateway.inquire(chargeReferenceOf(payment));
  if (first.outcome === 'requires-action') {
    const expiresAt = actionExpiryOf(payment, first.expiresAt, timings);

    return mayWait && canWaitForBuyer(payment, expiresAt, inquiredAt)
      ? first
      : endWaiting(deps, payment, expiresAt);
  }
  if (first.outcome !== 'not-found') return first;
  const ageMs = inquiredAt.getTime() - lastClaimedAt(payment);
  const { inFlightWindowMs: windowMs } = timings;
  const notFoundEvidence = `not found ${ageMs} ms after the claim of attempt ${payment.attempt} (in-flight window: ${windowMs} ms)`;
  if (ageMs < windowMs) return notFoundResult(notFoundEvidence);

  const { cancelled, evidence, second } = await cancelAndInquire(deps, payment, notFoundEvidence);
  if (cancelled.outcome === 'not-sent') return cancelled;
  if (second === undefined) return notFoundResult(evidence);
  if (second.outcome !== 'not-found') return second;

  return notFoundResult(
    `${evidence}; not found again at ${clock.now().toISOString()}`,
    cancelled.outcome !== 'already-captured',
  );
};

/** Cancels a charge that waits for its buyer. Only the cancellation itself makes its absence conclusive. */
const endWaiting = async (
  deps: Dependencies,
  payment: Payment,
  expiresAt: string,
): Promise<InquiryFinding> => {
  const waited = `the gateway waited for the buyer until ${expiresAt}`;
  const { cancelled, evidence, second } = await cancelAndInquire(deps, payment, waited);
  if (cancelled.outcome === 'not-sent') return cancelled;
  if (second === undefined) return ambiguous(evidence);
  if (second.outcome !== 'not-found') return second;
  const absent = `${evidence}; not found at ${deps.clock.now().toISOString()}`;

  return cancelled.outcome === 'cancelled'
    ? { ...notFoundResult(absent, true), hasWaited: true }
    : ambiguous(absent);
};

interface Cancellation {
  readonly cancelled: CancelOutcome;
  readonly evidence: string;
  /** The answer to the second inquiry. Absent if the gateway did not answer the cancellation conclusively. */
  readonly second?: InquiryOutcome;
}

const cancelAndInquire = async (
  { gateway, clock }: Dependencies,
  payment: Payment,
  observation: string,
): Promise<Cancellation> => {
  const charge = chargeReferenceOf(payment);
  const cancelled = await gateway.cancel(charge);
  const evidence = `${observation}; cancellation of ${charge.reference}: ${describeCancellation(cancelled)}`;
  if (!isConclusiveCancellation(cancelled)) return { cancelled, evidence };
  const found = await gateway.inquire(charge);
  // Nothing can wait after a cancellation, so this answer is older than it.
  const second =
    found.outcome === 'requires-action'
      ? ambiguous(`${evidence}; still waiting at ${clock.now().toISOString()}`)
      : found;

  return { cancelled, evidence, second };
};

const notFoundResult = (evidence: string, isConclusive = false): NotFoundResult => ({
  outcome: 'not-found',
  isConclusive,
  evidence,
});

const ambiguous = (reason: string): Ambiguous => ({ outcome: 'ambiguous', reason });

const isConclusiveCancellation = ({ outcome }: CancelOutcome) =>
  outcome === 'cancelled' || outcome === 'not-found' || outcome === 'already-captured';

const describeCancellation = (cancelled: CancelOutcome) =>
  'reason' in cancelled ? `${cancelled.outcome} (${cancelled.reason})` : cancelled.outcome;
