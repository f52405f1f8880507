import type { Account } from './account.ts';
import type { Refund } from './refunds.ts';

/** The refunds that were not refused: each takes from what is left as soon as it is asked for. */
export const accepted = ({ refunds }: Account): Refund[] =>
  refunds.filter(({ refused }) => !refused);

/** What has been paid back by now. */
export const paidBack = (account: Account, now: number): Refund[] =>
  accepted(account).filter(({ settlesAt }) => settlesAt <= now);

/** What an inquiry about the charge shows as given back: what was paid, and what the PG admits to be working on. */
export const shownAsRefunded = (account: Account, now: number): number =>
  sum(
    accepted(account).filter(
      ({ settlesAt, meanwhile }) => settlesAt <= now || meanwhile === 'in-progress',
    ),
  );

export const sum = (moved: readonly { amount: number }[]): number =>
  moved.reduce((total, { amount }) => total + amount, 0);
