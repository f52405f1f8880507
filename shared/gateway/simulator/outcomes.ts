import type { Exchange } from '../http-exchange.ts';
import {
  type Answered,
  ambiguous,
  compared,
  differences,
  isAnswer,
  withoutAnswer,
} from '../outcomes.ts';
import type {
  Ambiguous,
  CancelOutcome,
  ChargeOutcome,
  ChargeReference,
  Declined,
  InProgress,
  InquiryOutcome,
  RefundInquiryOutcome,
  RefundOutcome,
} from '../payment-gateway.ts';
import {
  approvedAnswer,
  cancelledAnswer,
  code,
  documentedRefusals,
  problemAnswer,
  refundedAnswer,
  refusedAnswer,
  unfinishedAnswer,
} from './protocol.ts';

export const chargeOutcome = (result: Exchange, asked: ChargeReference): ChargeOutcome => {
  if (!isAnswer(result)) return withoutAnswer(result);

  const approved = approvedAnswer.safeParse(result.body);
  if (succeeded(result) && approved.success) return compared(approved.data, asked);

  return refusal(result, documentedRefusals.charge) ?? unfinished(result) ?? unclear(result);
};

export const inquiryOutcome = (result: Exchange, asked: ChargeReference): InquiryOutcome => {
  if (!isAnswer(result)) return withoutAnswer(result);
  if (succeeded(result)) return foundCharge(result, asked);
  // A 404 of anything between us and the PG says nothing about the charge: only the PG's own code does.
  if (result.status === 404 && codeOf(result) === code.chargeNotFound) {
    return { outcome: 'not-found' };
  }

  return unclear(result);
};

const foundCharge = (result: Answered, asked: ChargeReference): InquiryOutcome => {
  const approved = approvedAnswer.safeParse(result.body);
  if (approved.success) return compared(approved.data, asked);

  return foundEnd(result, documentedRefusals.charge) ?? unclear(result);
};

export const cancelOutcome = (result: Exchange, reference: string): CancelOutcome => {
  if (!isAnswer(result)) return withoutAnswer(result);

  const cancelled = cancelledAnswer.safeParse(result.body);
  if (succeeded(result) && cancelled.success && cancelled.data.reference === reference) {
    return { outcome: 'cancelled' };
  }

  const problem = problemAnswer.safeParse(result.body).data;
  if (result.status === 409 && problem?.code === code.alreadyCaptured && problem.transactionId) {
    return { outcome: 'already-captured', transactionId: problem.transactionId };
  }
  if (result.status === 404 && problem?.code === code.chargeNotFound) {
    return { outcome: 'not-found' };
  }

  return unfinished(result) ?? unclear(result);
};

export const refundOutcome = (result: Exchange, asked: ChargeReference): RefundOutcome => {
  if (!isAnswer(result)) return withoutAnswer(result);

  return (
    paidBack(result, asked) ??
    refusal(result, documentedRefusals.refund) ??
    unfinished(result) ??
    unclear(result)
  );
};

export const refundInquiryOutcome = (
  result: Exchange,
  asked: ChargeReference,
): RefundInquiryOutcome => {
  if (!isAnswer(result)) return withoutAnswer(result);
  if (result.status === 404 && codeOf(result) === code.refundNotFound) {
    return { outcome: 'not-found' };
  }

  return paidBack(result, asked) ?? foundEnd(result, documentedRefusals.refund) ?? unclear(result);
};

const paidBack = (result: Answered, asked: ChargeReference): RefundOutcome | undefined => {
  const refunded = refundedAnswer.safeParse(result.body).data;
  if (!succeeded(result) || !refunded || differences(refunded, asked).length > 0) return undefined;
  const { refundId, refundedAt } = refunded;

  return { outcome: 'refunded', refundId, refundedAt };
};

/** What was inquired about, was found, and has moved nothing. */
const foundEnd = (
  result: Answered,
  documented: readonly string[],
): Declined | InProgress | undefined => {
  if (!succeeded(result)) return undefined;
  const refused = refusedAnswer.safeParse(result.body).data;
  if (refused && includes(documented, refused.code)) {
    return { outcome: 'declined', code: refused.code, reason: refused.message };
  }

  return unfinishedAnswer.safeParse(result.body).success ? { outcome: 'in-progress' } : undefined;
};

const succeeded = ({ status }: Answered): boolean => status >= 200 && status < 300;

/** Only a code that the PG documents, with a status that blames the request: the same words in a 5xx prove nothing. */
const refusal = (result: Answered, documented: readonly string[]): Declined | undefined => {
  const problem = problemAnswer.safeParse(result.body).data;
  if (result.status < 400 || result.status >= 500 || !problem) return undefined;
  if (!includes(documented, problem.code)) return undefined;

  return { outcome: 'declined', code: problem.code, reason: problem.message ?? problem.code };
};

const unfinished = (result: Answered): InProgress | undefined =>
  result.status === 409 && codeOf(result) === code.inProgress
    ? { outcome: 'in-progress' }
    : undefined;

const unclear = (result: Answered): Ambiguous =>
  ambiguous(
    `status ${result.status}, ${codeOf(result) ? `code ${codeOf(result)}` : 'no readable answer'}`,
  );

const codeOf = (result: Answered): string | undefined =>
  problemAnswer.safeParse(result.body).data?.code;

const includes = (documented: readonly string[], found: string): boolean =>
  documented.includes(found);
