import { createHash } from 'node:crypto';
import type { Behaviour, RefundBehaviour } from './behaviours.ts';

/** The state of one reference at the simulated gateway. Times are milliseconds since the epoch. */
export interface SimulatorAccount {
  readonly reference: string;
  /** The number of charge requests, of any key and any result. */
  readonly requests: number;
  readonly charges: readonly SimulatorCharge[];
  /** The key of each refund request, retries included, whatever its result. */
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
  /** A waiting charge is declined when its challenge expires. */
  readonly effect: 'captured' | 'declined' | 'waiting';
  /** The code of a decline. */
  readonly declineCode: string;
  readonly settlesAt: number;
  readonly pendingResult: Behaviour['pendingResult'];
  readonly challenge?: SimulatorChallenge;
}

/** The page on which the buyer of a charge approves or declines it. */
export interface SimulatorChallenge {
  /** Cannot be guessed: it is all that a browser needs to decide. */
  readonly id: string;
  readonly expiresAt: number;
  readonly returnUrl?: string;
  /** When the buyer decided; absent also if the charge was cancelled. */
  readonly decidedAt?: number;
}

export interface SimulatorRefund {
  readonly key: string;
  readonly refundId: string;
  readonly amount: number;
  readonly currency: string;
  /** When the money is refunded, in milliseconds since the epoch. */
  readonly settlesAt: number;
  readonly pendingResult: RefundBehaviour['pendingResult'];
  /** From then on the refund has failed, and nothing counts as refunded. */
  readonly failsAt?: number;
  /** Set if the refund was rejected: the same key gets the same rejection later. */
  readonly rejectionCode?: string;
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

/** Whether a charge is pending that the simulator reports. */
export const hasPendingCharge = (account: SimulatorAccount, now: number): boolean =>
  unsettledCharges(account, now).some(isReportedPending);

export const unsettledCharges = (account: SimulatorAccount, now: number): SimulatorCharge[] =>
  account.charges.filter(({ settlesAt }) => settlesAt > now);

/** Whether the charge waits for its buyer, and can still be captured or cancelled. */
export const isWaiting = ({ effect, challenge }: SimulatorCharge, now: number): boolean =>
  effect === 'waiting' && challenge !== undefined && challenge.expiresAt > now;

/** The code with which the simulator declines the charge now; undefined if it does not. */
export const declineCodeOf = (charge: SimulatorCharge, now: number): string | undefined => {
  const { effect, declineCode, pendingResult, settlesAt } = charge;
  if (effect === 'waiting') return isWaiting(charge, now) ? undefined : 'authentication_expired';

  return effect === 'declined' || (pendingResult === 'declined' && settlesAt > now)
    ? declineCode
    : undefined;
};

const isReportedPending = ({ pendingResult }: SimulatorCharge): boolean =>
  pendingResult === 'wait' || pendingResult === 'in-progress';

/** Whether a refund was paid and the money has returned since. */
export const hasFailed = (
  { failsAt = Number.POSITIVE_INFINITY }: SimulatorRefund,
  now: number,
): boolean => failsAt <= now;

/**
 * The refunds that were neither rejected nor failed: each reduces the refundable amount from its request on.
 */
export const acceptedRefunds = ({ refunds }: SimulatorAccount, now: number): SimulatorRefund[] =>
  refunds.filter((refund) => !refund.rejectionCode && !hasFailed(refund, now));

/** The accepted refunds that have settled. */
export const settledRefunds = (account: SimulatorAccount, now: number): SimulatorRefund[] =>
  acceptedRefunds(account, now).filter(({ settlesAt }) => settlesAt <= now);

/**
 * The refunded amount that an inquiry about the charge shows: settled refunds and those reported as in
 * progress.
 */
export const reportedRefundedAmount = (account: SimulatorAccount, now: number): number =>
  sumAmounts(
    acceptedRefunds(account, now).filter(
      ({ settlesAt, pendingResult }) => settlesAt <= now || pendingResult === 'in-progress',
    ),
  );

export const sumAmounts = (moved: readonly { amount: number }[]): number =>
  moved.reduce((total, { amount }) => total + amount, 0);

/** Deterministic: the same key gives the same id in every process. */
export const deriveId = (prefix: string, key: string): string =>
  `${prefix}_${createHash('sha256').update(key).digest('hex').slice(0, 24)}`;
