import type { Exchange } from '../http-exchange.ts';
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
  CancelOutcome,
  ChargeOutcome,
  ChargeReference,
  Declined,
  InProgress,
  InquiryOutcome,
  NotFound,
  NotSent,
  RefundInquiryOutcome,
  RefundOutcome,
  RefundRequest,
} from '../payment-gateway.ts';
import {
  credentialErrorCodes,
  fundsByStatus,
  type TossPayment,
  tossDeclineCodes,
  tossErrorCodes,
  tossErrorResponse,
  tossPaymentResponse,
} from './protocol.ts';

export const chargeOutcome = (result: Exchange, expected: ChargeReference): ChargeOutcome => {
  if (!isAnswered(result, isKeyRejectedByConfirm)) return outcomeWithoutAnswer(result);

  const payment = parsePayment(result);

  return payment
    ? paymentOutcome(payment, expected)
    : (declinedOrInProgress(result, 'confirm') ?? ambiguousOutcome(result));
};

export const inquiryOutcome = (result: Exchange, expected: ChargeReference): InquiryOutcome => {
  const found = findPayment(result);

  return 'outcome' in found ? found : paymentOutcome(found, expected);
};

/**
 * Never asks Toss to cancel: there, cancelling is how captured money is paid back. A payment that was not confirmed ends by
 * itself, ABORTED or EXPIRED, and after that it can never be charged.
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

/** The payment that a lookup found, or the outcome that it has instead. */
export const findPayment = (result: Exchange): TossPayment | NotFound | NotSent | Ambiguous => {
  if (!isAnswered(result, isKeyRejected)) return outcomeWithoutAnswer(result);
  // A 404 of anything between us and Toss says nothing: only its own code does.
  if (result.status === 404 && parseError(result)?.code === tossErrorCodes.notFound) {
    return { outcome: 'not-found' };
  }

  return parsePayment(result) ?? ambiguousOutcome(result);
};

/** Each refund carries its key as its reason, so that ours is told from another one of the same amount. */
export const cancelReasonOf = ({ key }: RefundRequest): string => `refund ${key}`;

/** What became of our refund if the payment shows it. */
export const findRefund = (
  { cancels, orderId }: TossPayment,
  expected: RefundRequest,
): RefundOutcome | undefined => {
  const ours = cancels?.find(({ cancelReason }) => cancelReason === cancelReasonOf(expected));
  if (!ours) return undefined;
  const { cancelStatus = 'DONE', cancelAmount, transactionKey, canceledAt } = ours;
  if (cancelStatus === 'IN_PROGRESS') return { outcome: 'in-progress' };
  if (cancelStatus !== 'DONE') return ambiguous(`the refund is ${cancelStatus}`);
  if (cancelAmount !== expected.amount || orderId !== expected.reference) {
    return ambiguous(`paid back ${cancelAmount} instead`);
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
    declinedOrInProgress(result, 'cancel') ??
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
      return { outcome: 'in-progress' } as const;
    case 'none':
      return {
        outcome: 'declined',
        code: failure?.code ?? status,
        reason: failure?.message ?? `The payment ended ${status}.`,
      } as const;
    default:
      return ambiguousPaymentStatus(payment);
  }
};

/**
 * What was given back, by whomever: Toss counts down what is left, and lists each cancellation. A cancellation that it still works on
 * counts, one that it gave up does not.
 */
const refundedAmountOf = ({ status, totalAmount, balanceAmount, cancels }: TossPayment): number => {
  const listed = (cancels ?? [])
    .filter(({ cancelStatus }) => cancelStatus !== 'ABORTED')
    .reduce((total, { cancelAmount }) => total + cancelAmount, 0);
  const counted = totalAmount - (balanceAmount ?? totalAmount);

  return status === 'CANCELED' ? totalAmount : Math.max(listed, counted);
};

/** Money that was captured has a time at which it was: without one, only a cancelled payment makes sense. */
export const fundsOf = ({ status, approvedAt }: TossPayment) => {
  const funds = fundsByStatus.get(status);
  if (funds !== 'captured' || approvedAt) return funds;

  return status === 'CANCELED' ? 'none' : undefined;
};

const parsePayment = ({ status, body }: HttpAnswered): TossPayment | undefined =>
  status >= 200 && status < 300 ? tossPaymentResponse.safeParse(body).data : undefined;

/** Toss declines payments with 403, too: there only its code, or that it has none, tells that the key was refused. */
const isKeyRejected = (result: HttpAnswered): boolean => {
  const errorCode = parseError(result)?.code;
  if (result.status === 401 || (result.status === 403 && errorCode === undefined)) return true;

  return (
    result.status >= 400 && result.status < 500 && credentialErrorCodes.includes(errorCode ?? '')
  );
};

/** What a buyer's token can cause says nothing about our key. */
const isKeyRejectedByConfirm = (result: HttpAnswered): boolean =>
  isKeyRejected(result) &&
  (result.status === 401 || declinedOrInProgress(result, 'confirm') === undefined);

const parseError = ({ body }: HttpAnswered) => tossErrorResponse.safeParse(body).data;

/** Only a code that Toss documents, with a status that blames the request: the same words in a 5xx prove nothing. */
const declinedOrInProgress = (
  result: HttpAnswered,
  operation: keyof typeof tossDeclineCodes,
): Declined | InProgress | undefined => {
  const problem = parseError(result);
  if (!problem || result.status < 400 || result.status >= 500) return undefined;
  if (result.status === 409 && problem.code === tossErrorCodes.inProgress)
    return { outcome: 'in-progress' };
  if (!(tossDeclineCodes[operation] as readonly string[]).includes(problem.code)) return undefined;

  return { outcome: 'declined', code: problem.code, reason: problem.message ?? problem.code };
};

const ambiguousOutcome = (result: HttpAnswered): Ambiguous =>
  ambiguousStatus(result.status, parseError(result)?.code);

const ambiguousPaymentStatus = ({ status, approvedAt }: TossPayment): Ambiguous =>
  ambiguous(`status ${status}, ${approvedAt ? `approved at ${approvedAt}` : 'not approved'}`);
