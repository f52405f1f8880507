import { chargeReferenceOf } from '../../domain/payments/charge-reference.ts';
import { lastClaimedAt } from '../../domain/payments/inquiry-schedule.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import type { Clock } from '../../domain/time.ts';
import type { Timings } from '../../domain/timings.ts';
import type {
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
}

export type InquiryFinding = Exclude<InquiryOutcome, NotFound> | NotFoundResult;

/**
 * Inquires about the charge of a payment. "Not found" is not a decline, because the charge may still be in
 * flight. It is conclusive only after the gateway's in-flight window, if a cancellation under a stable key
 * has closed the reference and a second inquiry finds nothing.
 */
export const inquireConclusively = async (
  { gateway, clock, timings }: Dependencies,
  payment: Payment,
): Promise<InquiryFinding> => {
  const inquiredAt = clock.now();
  if (payment.gatewayAmount === 0) return zeroAmountApproval(inquiredAt);
  const charge = chargeReferenceOf(payment);
  const first = await gateway.inquire(charge);
  if (first.outcome !== 'not-found') return first;
  const ageMs = inquiredAt.getTime() - lastClaimedAt(payment);
  const { inFlightWindowMs: windowMs } = timings;
  const notFoundEvidence = `not found ${ageMs} ms after the claim of attempt ${payment.attempt} (in-flight window: ${windowMs} ms)`;
  if (ageMs < windowMs) return notFoundResult(notFoundEvidence);

  const cancelled = await gateway.cancel(charge);
  const cancellationEvidence = `${notFoundEvidence}; cancellation of ${charge.reference}: ${describeCancellation(cancelled)}`;
  if (cancelled.outcome === 'not-sent') return cancelled;
  if (!isConclusiveCancellation(cancelled)) return notFoundResult(cancellationEvidence);
  const second = await gateway.inquire(charge);
  if (second.outcome !== 'not-found') return second;
  const isConclusive = cancelled.outcome !== 'already-captured';

  return notFoundResult(
    `${cancellationEvidence}; not found again at ${clock.now().toISOString()}`,
    isConclusive,
  );
};

const notFoundResult = (evidence: string, isConclusive = false): NotFoundResult => ({
  outcome: 'not-found',
  isConclusive,
  evidence,
});

const isConclusiveCancellation = ({ outcome }: CancelOutcome) =>
  outcome === 'cancelled' || outcome === 'not-found' || outcome === 'already-captured';

const describeCancellation = (cancelled: CancelOutcome) =>
  'reason' in cancelled ? `${cancelled.outcome} (${cancelled.reason})` : cancelled.outcome;
