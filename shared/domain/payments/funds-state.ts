import type { Payment } from './payment.ts';

/** Whether what a payment reserved is kept for it, is taken, or is to be given back. */
export type FundsState = 'open' | 'paid' | 'failed';

/** A review stands where the payment stood that it was opened over: nothing is known better by it. */
export const fundsStateOf = ({
  status,
  history,
}: Pick<Payment, 'status' | 'history'>): FundsState => {
  const statusBeforeReview = status === 'IN_REVIEW' ? history.at(-1)?.from : status;
  if (statusBeforeReview === 'COMPLETED') return 'paid';

  return statusBeforeReview === 'RESERVED' ||
    statusBeforeReview === 'CHARGING' ||
    statusBeforeReview === 'UNKNOWN'
    ? 'open'
    : 'failed';
};
