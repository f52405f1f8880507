import { declinedCharge, documentedDecline, documentedRefundDecline } from '../decline-table.ts';
import type { Exchange } from '../exchange.ts';
import {
  ambiguous,
  ambiguousStatus,
  approvedOrMismatch,
  type HttpAnswered,
  isAnswered,
  outcomeWithoutAnswer,
} from '../outcomes.ts';
import type {
  Ambiguous,
  Approved,
  CancelOutcome,
  ChargeOutcome,
  ChargeReference,
  DeclinedCharge,
  InProgress,
  InquiryOutcome,
  Mismatch,
  NotFound,
  NotSent,
  RefundInquiryOutcome,
  RefundOutcome,
  RefundRequest,
} from '../payment-gateway.ts';
import { cancelDeclineCodes, confirmDeclineTable, tossDeclineTable } from './decline-table.ts';
import {
  credentialErrorCodes,
  fundsByStatus,
  type TossPayment,
  tossErrorCodes,
  tossErrorResponse,
  tossPaymentResponse,
  unclearRefusalCodes,
  unconfirmedStatuses,
} from './protocol.ts';

export const chargeOutcome = (result: Exchange, expected: ChargeReference): ChargeOutcome => {
  if (!isAnswered(result, isKeyRejectedByConfirm)) return outcomeWithoutAnswer(result);

  const payment = parsePayment(result);

  return payment
    ? paymentOutcome(payment, expected)
    : (declinedConfirmation(result) ?? inProgress(result) ?? ambiguousOutcome(result));
};

export const inquiryOutcome = (result: Exchange, expected: ChargeReference): InquiryOutcome => {
  const found = findPayment(result);

  return 'outcome' in found ? found : paymentOutcome(found, expected);
};

/** Whether Toss refuses a confirmation with a code that leaves open whether the order is paid. */
export const isUnclearRefusal = (answer: Exchange): boolean =>
  answer.kind === 'answered' && unclearRefusalCodes.includes(rejectionOf(answer)?.code ?? '');

/** Whether an inquiry has shown how the charge ended. */
export const isConclusive = (
  found: InquiryOutcome,
): found is Approved | Mismatch | DeclinedCharge =>
  ['approved', 'mismatch', 'declined'].includes(found.outcome);

/**
 * Decides a cancellation from an inquiry. Never calls Toss's cancel: it refunds captured money. An
 * unconfirmed payment ends by itself, ABORTED or EXPIRED, and can never be charged after that.
 */
export const cancelOutcome = (result: Exchange): CancelOutcome => {
  const found = findPayment(result);
  if ('outcome' in found) return found;

  switch (fundsOf(found)) {
    case 'captured':
      return { outcome: 'already-captured', transactionId: found.paymentKey };
    case 'pending':
      return { outcome: 'in-progress' };
    case 'none':
      return { outcome: 'cancelled' };
    default:
      return ambiguousPaymentStatus(found);
  }
};

/** The payment of a lookup, or the outcome if there is none. */
export const findPayment = (result: Exchange): TossPayment | NotFound | NotSent | Ambiguous => {
  if (!isAnswered(result, isKeyRejected)) return outcomeWithoutAnswer(result);
  // A 404 from a proxy says nothing: only Toss's own code does.
  if (result.status === 404 && parseError(result)?.code === tossErrorCodes.notFound) {
    return { outcome: 'not-found' };
  }

  return parsePayment(result) ?? ambiguousOutcome(result);
};

/** Each refund carries its key as its reason, which distinguishes it from another one of the same amount. */
export const cancelReasonOf = ({ key }: RefundRequest): string => `refund ${key}`;

/**
 * The outcome of our refund; undefined if the payment does not have it. An aborted cancellation has refunded
 * nothing and will not.
 */
export const findRefund = (
  { cancels, orderId }: TossPayment,
  expected: RefundRequest,
): RefundOutcome | undefined => {
  const own = cancels?.filter(({ cancelReason }) => cancelReason === cancelReasonOf(expected));
  const ours = own?.find(({ cancelStatus }) => cancelStatus !== 'ABORTED') ?? own?.[0];
  if (!ours) return undefined;
  const { cancelStatus = 'DONE', cancelAmount, transactionKey, canceledAt } = ours;
  if (cancelStatus === 'IN_PROGRESS') return { outcome: 'in-progress' };
  if (cancelStatus === 'ABORTED')
    return { outcome: 'declined', code: 'ABORTED', reason: 'The cancellation was aborted.' };
  if (cancelStatus !== 'DONE') return ambiguous(`the refund is ${cancelStatus}`);
  if (cancelAmount !== expected.amount || orderId !== expected.reference) {
    return ambiguous(`refunded ${cancelAmount} instead`);
  }

  return {
    outcome: 'refunded',
    refundId: transactionKey,
    refundedAt: new Date(canceledAt).toISOString(),
  };
};

export const refundOutcome = (result: Exchange, expected: RefundRequest): RefundOutcome => {
  if (!isAnswered(result, isKeyRejected)) return outcomeWithoutAnswer(result);
  const payment = parsePayment(result);

  return (
    (payment && findRefund(payment, expected)) ??
    documentedRefundDecline(cancelDeclineCodes, rejectionOf(result)) ??
    inProgress(result) ??
    ambiguousOutcome(result)
  );
};

export const refundInquiryOutcome = (
  result: Exchange,
  expected: RefundRequest,
): RefundInquiryOutcome => {
  const found = findPayment(result);

  return 'outcome' in found ? found : (findRefund(found, expected) ?? { outcome: 'not-found' });
};

const paymentOutcome = (payment: TossPayment, expected: ChargeReference) => {
  const { paymentKey, orderId, totalAmount, currency, approvedAt, status, failure } = payment;
  switch (fundsOf(payment)) {
    case 'captured':
      return approvedOrMismatch(
        {
          transactionId: paymentKey,
          approvedAt: new Date(approvedAt ?? '').toISOString(),
          reference: orderId,
          amount: totalAmount,
          currency,
          refunded: refundedAmountOf(payment),
        },
        expected,
      );
    case 'pending':
      return isOfAnotherAmount(payment, expected)
        ? declinedCharge(
            tossDeclineTable,
            'WINDOW_AMOUNT_DIFFERS',
            `The window was opened with ${totalAmount}.`,
          )
        : ({ outcome: 'in-progress' } as const);
    case 'none':
      return declinedCharge(
        tossDeclineTable,
        failure?.code ?? status,
        failure?.message ?? `The payment ended ${status}.`,
      );
    default:
      return ambiguousPaymentStatus(payment);
  }
};

/**
 * Whether the buyer's page opened the window with another amount. We confirm our amount only, and Toss refuses it:
 * this payment can never be captured.
 */
const isOfAnotherAmount = (
  { paymentKey, status, totalAmount }: TossPayment,
  { amount, paymentMethod }: ChargeReference,
): boolean =>
  paymentKey === paymentMethod && unconfirmedStatuses.includes(status) && totalAmount !== amount;

/**
 * The sum of all refunds, ours and others: the larger of the listed cancellations and the reduction of the
 * balance. Includes cancellations in progress, excludes aborted ones.
 */
const refundedAmountOf = ({ status, totalAmount, balanceAmount, cancels }: TossPayment): number => {
  const listed = (cancels ?? [])
    .filter(({ cancelStatus }) => cancelStatus !== 'ABORTED')
    .reduce((total, { cancelAmount }) => total + cancelAmount, 0);
  const counted = totalAmount - (balanceAmount ?? totalAmount);

  return status === 'CANCELED' ? totalAmount : Math.max(listed, counted);
};

/** A captured payment has an approval time. Without one, the status is valid only for a cancelled payment. */
export const fundsOf = ({ status, approvedAt }: TossPayment) => {
  const funds = fundsByStatus.get(status);
  if (funds !== 'captured' || approvedAt) return funds;

  return status === 'CANCELED' ? 'none' : undefined;
};

const parsePayment = ({ status, body }: HttpAnswered): TossPayment | undefined =>
  status >= 200 && status < 300 ? tossPaymentResponse.safeParse(body).data : undefined;

/**
 * Toss also declines payments with 403: there only a credential code, or no code, means that the key was
 * rejected.
 */
const isKeyRejected = (result: HttpAnswered): boolean => {
  const errorCode = parseError(result)?.code;
  if (result.status === 401 || (result.status === 403 && errorCode === undefined)) return true;

  return (
    result.status >= 400 && result.status < 500 && credentialErrorCodes.includes(errorCode ?? '')
  );
};

/** As above, except for codes that a buyer's token can cause: they say nothing about our key. */
const isKeyRejectedByConfirm = (result: HttpAnswered): boolean =>
  isKeyRejected(result) && (result.status === 401 || declinedConfirmation(result) === undefined);

const parseError = ({ body }: HttpAnswered) => tossErrorResponse.safeParse(body).data;

/** Only a documented code with a 4xx status is a decline: the same code in a 5xx proves nothing. */
const rejectionOf = (result: HttpAnswered) =>
  result.status >= 400 && result.status < 500 ? parseError(result) : undefined;

const declinedConfirmation = (result: HttpAnswered): DeclinedCharge | undefined =>
  documentedDecline(confirmDeclineTable, rejectionOf(result));

const inProgress = (result: HttpAnswered): InProgress | undefined =>
  result.status === 409 && parseError(result)?.code === tossErrorCodes.inProgress
    ? { outcome: 'in-progress' }
    : undefined;

const ambiguousOutcome = (result: HttpAnswered): Ambiguous =>
  ambiguousStatus(result.status, parseError(result)?.code);

const ambiguousPaymentStatus = ({ status, approvedAt }: TossPayment): Ambiguous =>
  ambiguous(`status ${status}, ${approvedAt ? `approved at ${approvedAt}` : 'not approved'}`);
