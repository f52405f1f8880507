import type { Timings } from '../timings.ts';
import type { Payment } from './payment.ts';

type Schedule = Pick<Timings, 'inquiriesAfterMs' | 'inFlightWindowMs'>;

/** The last time that the charge may have left for the PG: its claim. Milliseconds since the epoch. */
export const sentAt = ({ history, createdAt }: Payment): number =>
  Date.parse(history.findLast(({ to }) => to === 'CHARGING')?.at ?? createdAt);

/**
 * When the PG is asked next after so many inquiries; undefined where the schedule ends, and a person has to decide.
 *
 * The end of the in-flight window is never slept through: from then on "not found" can be proved, and a buyer waits for it.
 */
export const nextInquiry = (
  payment: Payment,
  at: Date,
  { inquiriesAfterMs, inFlightWindowMs }: Schedule,
): string | undefined => {
  const pause = inquiriesAfterMs[payment.inquiries ?? 0];
  if (pause === undefined) return undefined;
  const scheduled = at.getTime() + pause;
  const windowEnds = sentAt(payment) + inFlightWindowMs;
  const due = windowEnds > at.getTime() ? Math.min(scheduled, windowEnds) : scheduled;

  return new Date(due).toISOString();
};

/** Before the PG is asked once more about a charge that it never made; without a time when that was the last check. */
export const lateCheckAfter = (
  made: number,
  at: Date,
  { lateChecksAfterMs }: Pick<Timings, 'lateChecksAfterMs'>,
): NonNullable<Payment['lateCheck']> => {
  const pause = lateChecksAfterMs[made];

  return {
    made,
    ...(pause !== undefined && { dueAt: new Date(at.getTime() + pause).toISOString() }),
  };
};

/** When an outcome that has just become unknown is asked about. */
export const firstInquiry = (payment: Payment, at: Date, schedule: Schedule): string =>
  nextInquiry(payment, at, schedule) ?? at.toISOString();
