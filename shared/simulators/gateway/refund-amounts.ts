import type { Account } from './account.ts';
import type { Refund } from './refunds.ts';

/** It was paid back, and the money has returned since. */
export const hasFailed = ({ failsAt = Number.POSITIVE_INFINITY }: Refund, now: number): boolean =>
  failsAt <= now;

/** The refunds that were not refused and have not failed: each takes from what is left as soon as it is asked for. */
export const accepted = ({ refunds }: Account, now: number): Refund[] =>
  refunds.filter((refund) => !refund.refused && !hasFailed(refund, now));

/** What has been paid back by now. */
export const paidBack = (account: Account, now: number): Refund[] =>
  accepted(account, now).filter(({ settlesAt }) => settlesAt <= now);

/** What an inquiry about the charge shows as given back: what was paid, and what the PG admits to be working on. */
export const shownAsRefunded = (account: Account, now: number): number =>
  sum(
    accepted(account, now).filter(
      ({ settlesAt, meanwhile }) => settlesAt <= now || meanwhile === 'in-progress',
    ),
  );

export const sum = (moved: readonly { amount: number }[]): number =>
  moved.reduce((total, { amount }) => total + amount, 0);
