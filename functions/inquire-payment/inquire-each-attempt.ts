import {
  chargeReferenceOf,
  earlierAttemptsOf,
} from '../../shared/domain/payments/charge-reference.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { InquiryOutcome } from '../../shared/gateway/payment-gateway.ts';
import type { InquireOnceDependencies } from './types.ts';

interface AttemptFinding {
  /** The payment as it was in the attempt. */
  readonly attempt: Payment;
  readonly found: InquiryOutcome;
}

const absentOutcomes: readonly InquiryOutcome['outcome'][] = ['not-found', 'declined'];

/**
 * Inquires about the last attempt of a payment, then about the earlier ones, until the gateway has a charge or
 * gives no answer. Returns the last attempt if it has no charge of any.
 */
export const inquireEachAttempt = async (
  { gateway }: Pick<InquireOnceDependencies, 'gateway'>,
  payment: Payment,
): Promise<AttemptFinding> => {
  const last = { attempt: payment, found: await gateway.inquire(chargeReferenceOf(payment)) };
  if (!absentOutcomes.includes(last.found.outcome)) return last;
  for (const attempt of earlierAttemptsOf(payment)) {
    const found = await gateway.inquire(chargeReferenceOf(attempt));
    if (!absentOutcomes.includes(found.outcome)) return { attempt, found };
  }

  return last;
};
