import type { Payment, PaymentStatus } from './payment.ts';

type HintState = Pick<Payment, 'hintedAt' | 'lastInquiredAt'>;

const endedStatuses: readonly PaymentStatus[] = ['COMPLETED', 'REVERSED'];

/** Whether the payment has ended. An inquiry compares it with the gateway, which may have changed since. */
export const isEnded = ({ status }: Pick<Payment, 'status'>) => endedStatuses.includes(status);

/** Whether the gateway was said to have news and no inquiry has been answered since. */
export const hasOpenHint = ({ hintedAt, lastInquiredAt = '' }: HintState): boolean =>
  hintedAt !== undefined && lastInquiredAt <= hintedAt;

/**
 * Whether an ended payment is to be compared with the gateway: it was charged, a hint is open, and no
 * refund is in progress. A refund in progress would make the comparison inconclusive.
 */
export const needsGatewayComparison = (
  payment: Payment,
  status: PaymentStatus = payment.status,
): boolean =>
  isEnded({ status }) &&
  payment.attempt > 0 &&
  payment.gatewayAmount > 0 &&
  payment.refundPending === 0 &&
  hasOpenHint(payment);

/** The later of two hints. One inquiry answers both. */
export const latestHint = ({ hintedAt = '' }: HintState, at: string): string =>
  hintedAt > at ? hintedAt : at;

/**
 * Statuses in which a hint is kept for later: the charger, the compensation or an operator works on the
 * payment, or it waits for another payment method.
 */
export const hintRetainingStatuses: readonly PaymentStatus[] = [
  'REQUIRES_METHOD',
  'RESERVED',
  'CHARGING',
  'UNKNOWN',
  'FAILED',
  'IN_REVIEW',
];
