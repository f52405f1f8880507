import type { Payment } from './payment.ts';
import type { PaymentStatus } from './payment-transitions.ts';

type HintState = Pick<Payment, 'hintedAt' | 'lastInquiredAt'>;

/** Whether somebody said that the PG has news, and no inquiry has been answered since. Such a payment is asked about once it can be. */
export const hasOpenHint = ({ hintedAt, lastInquiredAt = '' }: HintState): boolean =>
  hintedAt !== undefined && lastInquiredAt <= hintedAt;

/**
 * Whether a completed payment is to be compared with the gateway: a hint is open, and no refund of ours is under way that would leave the
 * result open again. What was never charged has nothing to compare.
 */
export const needsGatewayComparison = (
  payment: Payment,
  status: PaymentStatus = payment.status,
): boolean =>
  status === 'COMPLETED' &&
  payment.attempt > 0 &&
  payment.amount > 0 &&
  payment.refundPending === 0 &&
  hasOpenHint(payment);

/** The later of two hints: what an earlier one asks for is part of it. */
export const latestHint = ({ hintedAt = '' }: HintState, at: string): string =>
  hintedAt > at ? hintedAt : at;

/** Where a hint is kept until the payment has moved on: a charger, a compensation or a person is at work on it. */
export const hintRetainingStatuses: readonly PaymentStatus[] = [
  'RESERVED',
  'CHARGING',
  'UNKNOWN',
  'FAILED',
  'IN_REVIEW',
];
