import type { InquiryFinding } from '../../shared/application/payments/inquire-conclusively.ts';
import { chargeReferenceOf } from '../../shared/domain/payments/charge-reference.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { InquireOnceDependencies } from './types.ts';

/** Inquires without a cancellation that would make "not found" conclusive. */
export const inquireOnly = async (
  { gateway }: Pick<InquireOnceDependencies, 'gateway'>,
  payment: Payment,
): Promise<InquiryFinding> => {
  const found = await gateway.inquire(chargeReferenceOf(payment));

  return found.outcome === 'not-found'
    ? { ...found, isConclusive: false, evidence: 'not found' }
    : found;
};

/** Answers that say nothing about the charge: the request for the inquiry is not answered by them. */
export const noAnswerOutcomes: readonly InquiryFinding['outcome'][] = [
  'in-progress',
  'ambiguous',
  'not-sent',
];
