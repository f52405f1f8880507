import type { Timings } from '../timings.ts';
import { hasOpenHint } from './inquiry-hint.ts';
import type { LateCaptureCheck, Payment, PaymentStatus } from './payment.ts';

type InquirySchedule = Pick<Timings, 'inquiryBackoffMs' | 'inFlightWindowMs'>;

/** The time of the last claim, after which the charge may have been sent. Milliseconds since the epoch. */
export const lastClaimedAt = ({ history, createdAt }: Payment): number =>
  Date.parse(history.findLast(({ to }) => to === 'CHARGING')?.at ?? createdAt);

/**
 * When the next inquiry is due; undefined after the last one, when an operator has to decide. One inquiry is
 * due at the end of the in-flight window, from which on "not found" is conclusive.
 */
export const nextInquiryAt = (
  payment: Payment,
  at: Date,
  { inquiryBackoffMs, inFlightWindowMs }: InquirySchedule,
): string | undefined => {
  const delayMs = inquiryBackoffMs[payment.inquiryCount ?? 0];
  if (delayMs === undefined) return undefined;
  const scheduled = at.getTime() + delayMs;
  const windowEnds = lastClaimedAt(payment) + inFlightWindowMs;
  const dueAtMs = windowEnds > at.getTime() ? Math.min(scheduled, windowEnds) : scheduled;

  return new Date(dueAtMs).toISOString();
};

/** The late-capture check after `count` checks; without a time after the last one. */
export const nextLateCaptureCheck = (
  count: number,
  at: Date,
  { lateCaptureCheckDelaysMs }: Pick<Timings, 'lateCaptureCheckDelaysMs'>,
): LateCaptureCheck => {
  const delayMs = lateCaptureCheckDelaysMs[count];

  return {
    count,
    ...(delayMs !== undefined && { nextAt: new Date(at.getTime() + delayMs).toISOString() }),
  };
};

/** When the first inquiry about an unknown outcome is due. */
export const firstInquiryAt = (payment: Payment, at: Date, schedule: InquirySchedule): string =>
  nextInquiryAt(payment, at, schedule) ?? at.toISOString();

/** The statuses with scheduled inquiries. A payment under review is inquired about on request only. */
const scheduledStatuses: readonly PaymentStatus[] = [
  'REQUIRES_ACTION',
  'UNKNOWN',
  'COMPENSATED',
  'LATE_CAPTURED',
];

/**
 * When the next inquiry about a payment is due, if one is. A failed payment waits for the end of its
 * compensation. One that waits for its buyer is due immediately if the buyer has cancelled, or if the gateway
 * was said to have news.
 */
export const inquiryDueAt = (payment: Payment): string | undefined => {
  const { status, dueAt, updatedAt, lateCaptureCheck, cancelRequestedAt } = payment;
  if (status === 'FAILED') return lateCaptureCheck?.nextAt;
  if (status === 'REQUIRES_ACTION' && (cancelRequestedAt !== undefined || hasOpenHint(payment)))
    return updatedAt;

  return scheduledStatuses.includes(status) ? dueAt : undefined;
};

/**
 * Milliseconds since the epoch before which nothing is scheduled that could end a payment; undefined if it may end at any
 * time. An unknown outcome waits for its next inquiry, and a payment under review for an operator. A webhook may end both
 * earlier.
 */
export const quietUntil = (payment: Payment): number | undefined => {
  const { status } = payment;
  if (status === 'IN_REVIEW') return Number.POSITIVE_INFINITY;
  if (status !== 'UNKNOWN' || hasOpenHint(payment)) return undefined;
  const dueAt = inquiryDueAt(payment);

  return dueAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(dueAt);
};

/**
 * When the next scheduled inquiry is due. A hint makes a compensated payment due without using up a late
 * capture check.
 */
export const scheduledInquiryAt = (payment: Payment): string | undefined =>
  payment.status === 'COMPENSATED' ? payment.lateCaptureCheck?.nextAt : inquiryDueAt(payment);
