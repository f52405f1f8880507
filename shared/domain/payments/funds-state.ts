import type { Payment } from './payment.ts';

/** Whether the funds of a payment are held, captured, or releasable: released already, or to be released. */
export type FundsState = 'held' | 'captured' | 'releasable';

/** The funds state of a payment. Under review it is the state before the review. */
export const fundsStateOf = ({
  status,
  history,
}: Pick<Payment, 'status' | 'history'>): FundsState => {
  const statusBeforeReview = status === 'IN_REVIEW' ? history.at(-1)?.from : status;
  if (statusBeforeReview === 'COMPLETED') return 'captured';

  return statusBeforeReview === 'RESERVED' ||
    statusBeforeReview === 'CHARGING' ||
    statusBeforeReview === 'UNKNOWN'
    ? 'held'
    : 'releasable';
};

/** Whether compensation cancels the order of this payment. Under review an operator decides first. */
export const isBeingReleased = (payment: Payment): boolean =>
  payment.status !== 'IN_REVIEW' && fundsStateOf(payment) === 'releasable';
