import { createHash } from 'node:crypto';
import type { Behaviour, RefundBehaviour } from './behaviours.ts';

/** All that the PG knows of one reference of ours. Times are milliseconds since the epoch. */
export interface SimulatorAccount {
  readonly reference: string;
  /** How often a charge was asked for, with whatever key and whatever end. */
  readonly requests: number;
  readonly charges: readonly SimulatorCharge[];
  /** The key of each refund that was asked for, as often as it was, whatever its end. */
  readonly refundKeys: readonly string[];
  readonly refunds: readonly SimulatorRefund[];
  readonly cancelledAt?: number;
}

export interface SimulatorCharge {
  readonly key: string;
  readonly transactionId: string;
  readonly amount: number;
  readonly currency: string;
  readonly paymentMethod: string;
  readonly notify: boolean;
  readonly effect: 'captured' | 'declined';
  readonly settlesAt: number;
  readonly pendingResult: Behaviour['pendingResult'];
}

export interface SimulatorRefund {
  readonly key: string;
  readonly refundId: string;
  readonly amount: number;
  readonly currency: string;
  /** When the money is back, in milliseconds since the epoch. */
  readonly settlesAt: number;
  readonly pendingResult: RefundBehaviour['pendingResult'];
  /** From then on it is as if it had never been paid back. */
  readonly failsAt?: number;
  /** Set when nothing was paid back: the same key is refused the same way later. */
  readonly refused?: string;
}

export const newAccount = (reference: string): SimulatorAccount => ({
  reference,
  requests: 0,
  charges: [],
  refundKeys: [],
  refunds: [],
});

export const settledCaptures = (account: SimulatorAccount, now: number): SimulatorCharge[] =>
  account.charges.filter(({ effect, settlesAt }) => effect === 'captured' && settlesAt <= now);

/** The PG works on a charge that it admits to. */
export const hasPendingCharge = (account: SimulatorAccount, now: number): boolean =>
  unsettledCharges(account, now).some(isReportedPending);

export const unsettledCharges = (account: SimulatorAccount, now: number): SimulatorCharge[] =>
  account.charges.filter(({ settlesAt }) => settlesAt > now);

const isReportedPending = ({ pendingResult }: SimulatorCharge): boolean =>
  pendingResult === 'wait' || pendingResult === 'in-progress';

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

/** The same key gives the same id wherever the simulator runs. */
export const deriveId = (prefix: string, key: string): string =>
  `${prefix}_${createHash('sha256').update(key).digest('hex').slice(0, 24)}`;
