import {
  chargeReferenceOf,
  otherAttemptsOf,
} from '../../shared/domain/payments/charge-reference.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { InquiryOutcome } from '../../shared/gateway/payment-gateway.ts';
import type { InquireOnceDependencies } from './types.ts';

interface AttemptFinding {
  /** The payment as it was in the attempt. */
  readonly attempt: Payment;
  readonly found: InquiryOutcome;
}

const absentOutcomes = ['not-found', 'declined'] as const;
const capturedOutcomes = ['approved', 'mismatch'] as const;

/**
 * Inquires about the last attempt of a payment and, if the gateway has no charge of it, about the earlier ones.
 * Returns the latest attempt that the gateway has captured, or else one without a conclusive answer, or else the
 * last one. The earlier ones are asked about at the same time, so that all of it takes no longer than two calls.
 */
export const inquireEachAttempt = async (
  { gateway }: Pick<InquireOnceDependencies, 'gateway'>,
  payment: Payment,
): Promise<AttemptFinding> => {
  const inquire = async (attempt: Payment): Promise<AttemptFinding> => ({
    attempt,
    found: await gateway.inquire(chargeReferenceOf(attempt)),
  });
  const last = await inquire(payment);
  if (!isOneOf(absentOutcomes, last)) return last;
  const earlier = await Promise.all(otherAttemptsOf(payment).map(inquire));

  return (
    earlier.find((finding) => isOneOf(capturedOutcomes, finding)) ??
    earlier.find((finding) => !isOneOf(absentOutcomes, finding)) ??
    last
  );
};

const isOneOf = (
  outcomes: readonly InquiryOutcome['outcome'][],
  { found: { outcome } }: AttemptFinding,
): boolean => outcomes.includes(outcome);
