import type { Clock } from '../../domain/clock.ts';
import { chargeOf } from '../../domain/payments/charge-idempotency-key.ts';
import { sentAt } from '../../domain/payments/inquiry-schedule.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import type { Timings } from '../../domain/timings.ts';
import type {
  CancelOutcome,
  InquiryOutcome,
  NotFound,
  PaymentGateway,
} from '../../gateway/payment-gateway.ts';
import { nothingToCharge } from './decide-transition.ts';

interface Dependencies {
  readonly gateway: Pick<PaymentGateway, 'inquire' | 'cancel'>;
  readonly clock: Clock;
  readonly timings: Timings;
}

/** The PG knows no charge, and what was done to make sure that it never will. */
export interface Missing extends NotFound {
  readonly isConclusive: boolean;
  readonly evidence: string;
}

export type Finding = Exclude<InquiryOutcome, NotFound> | Missing;

/**
 * Asks the PG what became of the charge. "Not found" is no refusal, for the charge may still be on its way: it is conclusive only after
 * the PG's in-flight window, once a cancellation under a stable key has closed the reference, and if it is then not found again.
 */
export const findOut = async (
  { gateway, clock, timings }: Dependencies,
  payment: Payment,
): Promise<Finding> => {
  const asked = clock.now();
  if (payment.amount === 0) return nothingToCharge(asked);
  const charge = chargeOf(payment);
  const first = await gateway.inquire(charge);
  if (first.outcome !== 'not-found') return first;
  const ageMs = asked.getTime() - sentAt(payment);
  const { inFlightWindowMs: windowMs } = timings;
  const seen = `not found ${ageMs} ms after the claim of attempt ${payment.attempt} (in-flight window: ${windowMs} ms)`;
  if (ageMs < windowMs) return missing(seen);

  const cancelled = await gateway.cancel(charge);
  const tried = `${seen}; cancellation of ${charge.reference}: ${told(cancelled)}`;
  if (cancelled.outcome === 'not-sent') return cancelled;
  if (!hasDecided(cancelled)) return missing(tried);
  const again = await gateway.inquire(charge);
  if (again.outcome !== 'not-found') return again;
  const isConclusive = cancelled.outcome !== 'already-captured';

  return missing(`${tried}; not found again at ${clock.now().toISOString()}`, isConclusive);
};

const missing = (evidence: string, isConclusive = false): Missing => ({
  outcome: 'not-found',
  isConclusive,
  evidence,
});

const hasDecided = ({ outcome }: CancelOutcome) =>
  outcome === 'cancelled' || outcome === 'not-found' || outcome === 'already-captured';

const told = (cancelled: CancelOutcome) =>
  'reason' in cancelled ? `${cancelled.outcome} (${cancelled.reason})` : cancelled.outcome;
