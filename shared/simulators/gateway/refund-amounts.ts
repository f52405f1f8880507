import type { SimulatorAccount } from './account.ts';
import type { SimulatorRefund } from './refunds.ts';

/** It was paid back, and the money has returned since. */
export const hasFailed = (
  { failsAt = Number.POSITIVE_INFINITY }: SimulatorRefund,
  now: number,
): boolean => failsAt <= now;

/** The refunds that were not refused and have not failed: each takes from what is left as soon as it is asked for. */
export const acceptedRefunds = ({ refunds }: SimulatorAccount, now: number): SimulatorRefund[] =>
  refunds.filter((refund) => !refund.refused && !hasFailed(refund, now));

/** What has been paid back by now. */
export const settledRefunds = (account: SimulatorAccount, now: number): SimulatorRefund[] =>
  acceptedRefunds(account, now).filter(({ settlesAt }) => settlesAt <= now);

/** What an inquiry about the charge shows as given back: what was paid, and what the PG admits to be working on. */
export const reportedRefundedAmount = (account: SimulatorAccount, now: number): number =>
  sumAmounts(
    acceptedRefunds(account, now).filter(
      ({ settlesAt, pendingResult }) => settlesAt <= now || pendingResult === 'in-progress',
    ),
  );

export const sumAmounts = (moved: readonly { amount: number }[]): number =>
  moved.reduce((total, { amount }) => total + amount, 0);
