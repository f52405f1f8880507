import type { Payment } from './payment.ts';

/** Whether what a payment reserved is kept for it, is taken, or is to be given back. */
export type Standing = 'open' | 'paid' | 'failed';

/** A review stands where the payment stood that it was opened over: nothing is known better by it. */
export const standingOf = ({ status, history }: Pick<Payment, 'status' | 'history'>): Standing => {
  const known = status === 'IN_REVIEW' ? history.at(-1)?.from : status;
  if (known === 'COMPLETED') return 'paid';

  return known === 'RESERVED' || known === 'CHARGING' || known === 'UNKNOWN' ? 'open' : 'failed';
};
