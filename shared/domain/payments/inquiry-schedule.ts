import type { Timings } from '../timings.ts';
import type { Payment, PaymentStatus } from './payment.ts';

type InquirySchedule = Pick<Timings, 'inquiryBackoffMs' | 'inFlightWindowMs'>;

/** The last time that the charge may have left for the PG: its claim. Milliseconds since the epoch. */
export const lastClaimedAt = ({ history, createdAt }: Payment): number =>
  Date.parse(history.findLast(({ to }) => to === 'CHARGING')?.at ?? createdAt);

/**
 * When the PG is asked next after so many inquiries; undefined where the schedule ends, and a person has to decide.
 *
 * The end of the in-flight window is never slept through: from then on "not found" can be proved, and a buyer waits for it.
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

/** Before the PG is asked once more about a charge that it never made; without a time when that was the last check. */
export const nextLateCaptureCheck = (
  count: number,
  at: Date,
  { lateCaptureCheckDelaysMs }: Pick<Timings, 'lateCaptureCheckDelaysMs'>,
): NonNullable<Payment['lateCaptureCheck']> => {
  const delayMs = lateCaptureCheckDelaysMs[count];

  return {
    count,
    ...(delayMs !== undefined && { nextAt: new Date(at.getTime() + delayMs).toISOString() }),
  };
};

/** When an outcome that has just become unknown is asked about. */
export const firstInquiryAt = (payment: Payment, at: Date, schedule: InquirySchedule): string =>
  nextInquiryAt(payment, at, schedule) ?? at.toISOString();

/** The statuses with scheduled inquiries. A payment under review is inquired about on request only. */
const scheduledStatuses: readonly PaymentStatus[] = ['UNKNOWN', 'COMPENSATED', 'LATE_CAPTURED'];

/**
 * When the next inquiry about a payment is due, if one is. A failed payment waits for the end of its
 * compensation.
 */
export const inquiryDueAt = ({ status, dueAt, lateCaptureCheck }: Payment): string | undefined => {
  if (status === 'FAILED') return lateCaptureCheck?.nextAt;

  return scheduledStatuses.includes(status) ? dueAt : undefined;
};

/**
 * When the next scheduled inquiry is due. A hint makes a compensated payment due without using up a late
 * capture check.
 */
export const scheduledInquiryAt = (payment: Payment): string | undefined =>
  payment.status === 'COMPENSATED' ? payment.lateCaptureCheck?.nextAt : inquiryDueAt(payment);
