import type { Exchange } from '../http-exchange.ts';
import { type Answered, ambiguous, compared, isAnswer, withoutAnswer } from '../outcomes.ts';
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
  code,
  credentialRefusals,
  documentedRefusals,
  moneyIn,
  paymentAnswer,
  problemAnswer,
  type TossPayment,
} from './protocol.ts';

export const chargeOutcome = (result: Exchange, asked: ChargeReference): ChargeOutcome => {
  if (!isAnswer(result, refusesKeyOfConfirm)) return withoutAnswer(result);

  const payment = paymentIn(result);

  return payment ? stateOf(payment, asked) : (refusal(result, 'confirm') ?? unclear(result));
};

export const inquiryOutcome = (result: Exchange, asked: ChargeReference): InquiryOutcome => {
  const found = foundPayment(result);

  return 'outcome' in found ? found : stateOf(found, asked);
};

/**
 * Never asks Toss to cancel: there, cancelling is how captured money is paid back. A payment that was not confirmed ends by
 * itself, ABORTED or EXPIRED, and after that it can never be charged.
 */
export const cancelOutcome = (result: Exchange): CancelOutcome => {
  const found = foundPayment(result);
  if ('outcome' in found) return found;

  switch (moneyOf(found)) {
    case 'captured':
      return { outcome: 'already-captured', transactionId: found.paymentKey };
    case 'pending':
      return { outcome: 'in-progress' };
    case 'none':
      return { outcome: 'cancelled' };
    default:
      return unknownStatus(found);
  }
};

/** The payment that a lookup found, or the outcome that it has instead. */
export const foundPayment = (result: Exchange): TossPayment | NotFound | NotSent | Ambiguous => {
  if (!isAnswer(result, refusesKey)) return withoutAnswer(result);
  // A 404 of anything between us and Toss says nothing: only its own code does.
  if (result.status === 404 && problemIn(result)?.code === code.notFound) {
    return { outcome: 'not-found' };
  }

  return paymentIn(result) ?? unclear(result);
};

/** Each refund carries its key as its reason, so that ours is told from another one of the same amount. */
export const reasonOf = ({ key }: RefundRequest): string => `refund ${key}`;

/** What became of our refund if the payment shows it. */
export const knownRefund = (
  { cancels, orderId }: TossPayment,
  asked: RefundRequest,
): RefundOutcome | undefined => {
  const ours = cancels?.find(({ cancelReason }) => cancelReason === reasonOf(asked));
  if (!ours) return undefined;
  const { cancelStatus = 'DONE', cancelAmount, transactionKey, canceledAt } = ours;
  if (cancelStatus === 'IN_PROGRESS') return { outcome: 'in-progress' };
  if (cancelStatus !== 'DONE') return ambiguous(`the refund is ${cancelStatus}`);
  if (cancelAmount !== asked.amount || orderId !== asked.reference) {
    return ambiguous(`paid back ${cancelAmount} instead`);
  }

  return {
    outcome: 'refunded',
    refundId: transactionKey,
    refundedAt: new Date(canceledAt).toISOString(),
  };
};

export const refundOutcome = (result: Exchange, asked: RefundRequest): RefundOutcome => {
  if (!isAnswer(result, refusesKey)) return withoutAnswer(result);
  const payment = paymentIn(result);

  return (payment && knownRefund(payment, asked)) ?? refusal(result, 'cancel') ?? unclear(result);
};

export const refundInquiryOutcome = (
  result: Exchange,
  asked: RefundRequest,
): RefundInquiryOutcome => {
  const found = foundPayment(result);

  return 'outcome' in found ? found : (knownRefund(found, asked) ?? { outcome: 'not-found' });
};

const stateOf = (payment: TossPayment, asked: ChargeReference) => {
  const { paymentKey, orderId, totalAmount, currency, approvedAt, status, failure } = payment;
  switch (moneyOf(payment)) {
    case 'captured':
      return compared(
        {
          transactionId: paymentKey,
          approvedAt: new Date(approvedAt ?? '').toISOString(),
          reference: orderId,
          amount: totalAmount,
          currency,
          refunded: refundedOf(payment),
        },
        asked,
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
      return unknownStatus(payment);
  }
};

/**
 * What was given back, by whomever: Toss counts down what is left, and lists each cancellation. A cancellation that it still works on
 * counts, one that it gave up does not.
 */
const refundedOf = ({ status, totalAmount, balanceAmount, cancels }: TossPayment): number => {
  const listed = (cancels ?? [])
    .filter(({ cancelStatus }) => cancelStatus !== 'ABORTED')
    .reduce((total, { cancelAmount }) => total + cancelAmount, 0);
  const counted = totalAmount - (balanceAmount ?? totalAmount);

  return status === 'CANCELED' ? totalAmount : Math.max(listed, counted);
};

/** Money that was captured has a time at which it was: without one, only a cancelled payment makes sense. */
export const moneyOf = ({ status, approvedAt }: TossPayment) => {
  const money = moneyIn.get(status);
  if (money !== 'captured' || approvedAt) return money;

  return status === 'CANCELED' ? 'none' : undefined;
};

const paymentIn = ({ status, body }: Answered): TossPayment | undefined =>
  status >= 200 && status < 300 ? paymentAnswer.safeParse(body).data : undefined;

/** Toss declines payments with 403, too: there only its code, or that it has none, tells that the key was refused. */
const refusesKey = (result: Answered): boolean => {
  const said = problemIn(result)?.code;
  if (result.status === 401 || (result.status === 403 && said === undefined)) return true;

  return result.status >= 400 && result.status < 500 && credentialRefusals.includes(said ?? '');
};

/** What a buyer's token can cause says nothing about our key. */
const refusesKeyOfConfirm = (result: Answered): boolean =>
  refusesKey(result) && (result.status === 401 || refusal(result, 'confirm') === undefined);

const problemIn = ({ body }: Answered) => problemAnswer.safeParse(body).data;

/** Only a code that Toss documents, with a status that blames the request: the same words in a 5xx prove nothing. */
const refusal = (
  result: Answered,
  of: keyof typeof documentedRefusals,
): Declined | InProgress | undefined => {
  const problem = problemIn(result);
  if (!problem || result.status < 400 || result.status >= 500) return undefined;
  if (result.status === 409 && problem.code === code.inProgress) return { outcome: 'in-progress' };
  if (!(documentedRefusals[of] as readonly string[]).includes(problem.code)) return undefined;

  return { outcome: 'declined', code: problem.code, reason: problem.message ?? problem.code };
};

const unclear = (result: Answered): Ambiguous => {
  const said = problemIn(result)?.code;

  return ambiguous(`status ${result.status}, ${said ? `code ${said}` : 'no readable answer'}`);
};

const unknownStatus = ({ status, approvedAt }: TossPayment): Ambiguous =>
  ambiguous(`status ${status}, ${approvedAt ? `approved at ${approvedAt}` : 'not approved'}`);
