import { documentedDecline, documentedRefundDecline } from '../decline-table.ts';
import type { Exchange } from '../exchange.ts';
import {
  ambiguousStatus,
  approvedOrMismatch,
  differences,
  type HttpAnswered,
  isAnswered,
  outcomeWithoutAnswer,
} from '../outcomes.ts';
import type {
  Ambiguous,
  CancelOutcome,
  ChargeOutcome,
  ChargeReference,
  DeclinedCharge,
  InProgress,
  InquiryOutcome,
  RefundInquiryOutcome,
  RefundOutcome,
  RequiresAction,
} from '../payment-gateway.ts';
import { cancelledCodes, refundDeclineCodes, simulatorDeclineTable } from './decline-table.ts';
import {
  approvedResponse,
  cancelledResponse,
  declinedResponse,
  inProgressResponse,
  problemResponse,
  refundedResponse,
  requiresActionResponse,
  simulatorErrorCodes,
} from './protocol.ts';

export const chargeOutcome = (result: Exchange, expected: ChargeReference): ChargeOutcome => {
  if (!isAnswered(result)) return outcomeWithoutAnswer(result);

  const approved = approvedResponse.safeParse(result.body);
  if (isSuccess(result) && approved.success) return approvedOrMismatch(approved.data, expected);

  return (
    requiredAction(result) ??
    declineOf(rejectionOf(result)) ??
    inProgressOutcome(result) ??
    ambiguousOutcome(result)
  );
};

export const inquiryOutcome = (result: Exchange, expected: ChargeReference): InquiryOutcome => {
  if (!isAnswered(result)) return outcomeWithoutAnswer(result);
  if (isSuccess(result)) return foundChargeOutcome(result, expected);
  // A 404 from a proxy says nothing about the charge: only the gateway's own code does.
  if (result.status === 404 && errorCodeOf(result) === simulatorErrorCodes.chargeNotFound) {
    return { outcome: 'not-found' };
  }

  return ambiguousOutcome(result);
};

const foundChargeOutcome = (result: HttpAnswered, expected: ChargeReference): InquiryOutcome => {
  const approved = approvedResponse.safeParse(result.body);
  if (approved.success) return approvedOrMismatch(approved.data, expected);

  return (
    requiredAction(result) ??
    declineOf(foundDecline(result)) ??
    pendingOutcome(result) ??
    ambiguousOutcome(result)
  );
};

const declineOf = (rejection: ReturnType<typeof rejectionOf>): DeclinedCharge | undefined => {
  const declined = documentedDecline(simulatorDeclineTable, rejection);

  return declined && cancelledCodes.includes(declined.code)
    ? { ...declined, isCancelled: true }
    : declined;
};

export const cancelOutcome = (result: Exchange, reference: string): CancelOutcome => {
  if (!isAnswered(result)) return outcomeWithoutAnswer(result);

  const cancelled = cancelledResponse.safeParse(result.body);
  if (isSuccess(result) && cancelled.success && cancelled.data.reference === reference) {
    return { outcome: 'cancelled' };
  }

  const problem = problemResponse.safeParse(result.body).data;
  if (
    result.status === 409 &&
    problem?.code === simulatorErrorCodes.alreadyCaptured &&
    problem.transactionId
  ) {
    return { outcome: 'already-captured', transactionId: problem.transactionId };
  }
  if (result.status === 404 && problem?.code === simulatorErrorCodes.chargeNotFound) {
    return { outcome: 'not-found' };
  }

  return inProgressOutcome(result) ?? ambiguousOutcome(result);
};

export const refundOutcome = (result: Exchange, expected: ChargeReference): RefundOutcome => {
  if (!isAnswered(result)) return outcomeWithoutAnswer(result);

  return (
    refundedOutcome(result, expected) ??
    documentedRefundDecline(refundDeclineCodes, rejectionOf(result)) ??
    inProgressOutcome(result) ??
    ambiguousOutcome(result)
  );
};

export const refundInquiryOutcome = (
  result: Exchange,
  expected: ChargeReference,
): RefundInquiryOutcome => {
  if (!isAnswered(result)) return outcomeWithoutAnswer(result);
  if (result.status === 404 && errorCodeOf(result) === simulatorErrorCodes.refundNotFound) {
    return { outcome: 'not-found' };
  }

  return (
    refundedOutcome(result, expected) ??
    documentedRefundDecline(refundDeclineCodes, foundDecline(result)) ??
    pendingOutcome(result) ??
    ambiguousOutcome(result)
  );
};

const refundedOutcome = (
  result: HttpAnswered,
  expected: ChargeReference,
): RefundOutcome | undefined => {
  const refunded = refundedResponse.safeParse(result.body).data;
  if (!isSuccess(result) || !refunded || differences(refunded, expected).length > 0)
    return undefined;
  const { refundId, refundedAt } = refunded;

  return { outcome: 'refunded', refundId, refundedAt };
};

const requiredAction = (result: HttpAnswered): RequiresAction | undefined => {
  const { data } = requiresActionResponse.safeParse(result.body);
  if (!isSuccess(result) || !data) return undefined;
  const { url, expiresAt, transactionId } = data;

  return { outcome: 'requires-action', url, expiresAt, transactionId };
};

/** The decline that an inquiry found. */
const foundDecline = (result: HttpAnswered) =>
  isSuccess(result) ? declinedResponse.safeParse(result.body).data : undefined;

const pendingOutcome = (result: HttpAnswered): InProgress | undefined =>
  isSuccess(result) && inProgressResponse.safeParse(result.body).success
    ? { outcome: 'in-progress' }
    : undefined;

const isSuccess = ({ status }: HttpAnswered): boolean => status >= 200 && status < 300;

/** Only a documented code with a 4xx status is a decline: the same code in a 5xx proves nothing. */
const rejectionOf = ({ status, body }: HttpAnswered) =>
  status >= 400 && status < 500 ? problemResponse.safeParse(body).data : undefined;

const inProgressOutcome = (result: HttpAnswered): InProgress | undefined =>
  result.status === 409 && errorCodeOf(result) === simulatorErrorCodes.inProgress
    ? { outcome: 'in-progress' }
    : undefined;

const ambiguousOutcome = (result: HttpAnswered): Ambiguous =>
  ambiguousStatus(result.status, errorCodeOf(result));

const errorCodeOf = (result: HttpAnswered): string | undefined =>
  problemResponse.safeParse(result.body).data?.code;
