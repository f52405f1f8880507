import type { TossPayment } from '../../../../shared/gateway/toss/protocol.ts';
import type { TossBehaviour } from './behaviours.ts';
import { seoulTime } from './responses.ts';

/** How long a payment can be confirmed after the buyer has paid in the checkout window. */
export const sessionMs = 10 * 60_000;

/** A payment that is not confirmed until then is EXPIRED. */
export const expiresAfterMs = 30 * 60_000;

/** A payment from the moment on when the buyer has paid in the checkout window. Times in epoch ms. */
export interface StoredTossPayment {
  readonly paymentKey: string;
  readonly orderId: string;
  readonly totalAmount: number;
  readonly behaviour: TossBehaviour;
  readonly openedAt: number;
  readonly confirmation?: { readonly at: number; readonly settlesAt: number };
  readonly cancels: readonly StoredCancel[];
  /** Fields that a test has set. */
  readonly override?: Partial<TossPayment>;
}

/** A refund, which Toss calls a cancel. */
export interface StoredCancel {
  readonly transactionKey: string;
  readonly amount: number;
  readonly reason: string;
  readonly at: number;
  /** Until then it is IN_PROGRESS. */
  readonly settlesAt: number;
  readonly isHidden: boolean;
  readonly isAborted: boolean;
}

export const isConfirmed = (
  payment: StoredTossPayment,
): payment is StoredTossPayment & Required<Pick<StoredTossPayment, 'confirmation'>> =>
  payment.confirmation !== undefined;

export const isSettled = ({ confirmation }: StoredTossPayment, at: number): boolean =>
  confirmation !== undefined && confirmation.settlesAt <= at;

/** Status and code with which a confirmation is refused; undefined if it is executed. */
export const confirmRefusal = (
  payment: StoredTossPayment,
  { orderId, amount }: Readonly<Record<string, unknown>>,
  ofOrder: readonly StoredTossPayment[],
  at: number,
): readonly [status: number, code: string] | undefined => {
  if (payment.orderId !== orderId) return [403, 'FORBIDDEN_REQUEST'];
  if (payment.totalAmount !== amount) return [400, 'INVALID_REQUEST'];
  if (isConfirmed(payment)) return [400, 'ALREADY_PROCESSED_PAYMENT'];
  if (at - payment.openedAt >= sessionMs) return [404, 'NOT_FOUND_PAYMENT_SESSION'];

  return ofOrder.some((each) => isCaptured(each, at)) ? [400, 'DUPLICATED_ORDER_ID'] : undefined;
};

export const isCaptured = (payment: StoredTossPayment, at: number): boolean =>
  payment.behaviour.effect === 'captured' && isSettled(payment, at);

/** Whether Toss does not find the payment yet. */
export const isHidden = ({ confirmation, behaviour }: StoredTossPayment, at: number): boolean =>
  confirmation !== undefined && at - confirmation.at < behaviour.hiddenMs;

/** The refunds that are paid or in progress. */
export const activeCancels = ({ cancels }: StoredTossPayment, at: number): StoredCancel[] =>
  cancels.filter(({ isAborted, settlesAt }) => !isAborted || at < settlesAt);

export const paidCancels = (payment: StoredTossPayment, at: number): StoredCancel[] =>
  activeCancels(payment, at).filter(({ settlesAt }) => settlesAt <= at);

export const remainingAmount = (payment: StoredTossPayment, at: number): number =>
  payment.totalAmount - activeCancels(payment, at).reduce((sum, { amount }) => sum + amount, 0);

/** The payment as Toss would show it at a time. */
export const paymentAt = (payment: StoredTossPayment, at: number): TossPayment => {
  const { paymentKey, orderId, totalAmount, override } = payment;
  const shown = { paymentKey, orderId, totalAmount, currency: 'KRW', approvedAt: null };

  return { ...shown, ...stateAt(payment, at), ...override };
};

const stateAt = (
  payment: StoredTossPayment,
  at: number,
): Partial<TossPayment> & Pick<TossPayment, 'status'> => {
  const { openedAt, confirmation, behaviour } = payment;
  if (confirmation === undefined)
    return { status: at - openedAt < expiresAfterMs ? 'IN_PROGRESS' : 'EXPIRED' };
  if (at < confirmation.settlesAt) return { status: 'IN_PROGRESS' };
  if (behaviour.effect === 'declined') {
    const failure = { code: behaviour.declineCode, message: '결제에 실패했습니다.' };

    return { status: 'ABORTED', failure };
  }
  const balanceAmount = remainingAmount(payment, at);
  const isPart = balanceAmount > 0;
  const cancels = payment.cancels.filter((each) => !each.isHidden || each.settlesAt <= at);

  return {
    status:
      balanceAmount === payment.totalAmount ? 'DONE' : isPart ? 'PARTIAL_CANCELED' : 'CANCELED',
    approvedAt: seoulTime(confirmation.settlesAt),
    balanceAmount,
    cancels: cancels.length === 0 ? null : cancels.map((each) => cancelAt(each, at)),
  };
};

const cancelAt = (
  { transactionKey, amount, reason, at: madeAt, settlesAt, isAborted }: StoredCancel,
  at: number,
) => ({
  transactionKey,
  cancelAmount: amount,
  cancelReason: reason,
  cancelStatus: at < settlesAt ? 'IN_PROGRESS' : isAborted ? 'ABORTED' : 'DONE',
  canceledAt: seoulTime(madeAt),
});

/** The transactions of a payment in order: its approval and its cancels. */
export const transactionsAt = (payment: StoredTossPayment, at: number) => {
  if (!isConfirmed(payment) || !isCaptured(payment, at)) return [];
  const { paymentKey, orderId, totalAmount, confirmation } = payment;
  const of = { paymentKey, orderId, currency: 'KRW' };
  let left = totalAmount;

  return [
    {
      ...of,
      transactionKey: `approval-${paymentKey}`,
      status: 'DONE',
      amount: totalAmount,
      transactionAt: seoulTime(confirmation.settlesAt),
    },
    ...activeCancels(payment, at).map(({ transactionKey, amount, at: madeAt }) => {
      left -= amount;

      return {
        ...of,
        transactionKey,
        status: left > 0 ? 'PARTIAL_CANCELED' : 'CANCELED',
        amount,
        transactionAt: seoulTime(madeAt),
      };
    }),
  ];
};
