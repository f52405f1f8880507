import type { Evidence, Payment } from '../../shared/domain/payments/payment.ts';
import type { Dependencies, Seen } from './dependencies.ts';
import { Unanswered } from './errors.ts';
import { dueOf } from './inquiry-due.ts';

interface Inquiry {
  readonly payment: Payment;
  readonly found: Seen;
  readonly heard: Pick<Evidence, 'asked' | 'wish'>;
  /** ISO 8601: before the request. */
  readonly inquiredAt: string;
  /** A message carries it, which comes again where the PG gave no answer. */
  readonly isWish: boolean;
}

/**
 * Writes beside the journal what an inquiry saw that moves nothing: no inquiry that found nothing new makes a payment longer without a bound.
 * Gives the time of the next one, if there is one.
 */
export const recordSeen = async (
  { note, payments, clock, timings }: Dependencies,
  { payment, found, heard, inquiredAt, isWish }: Inquiry,
): Promise<string | undefined> => {
  const { seen: detail, isUnanswered = false, isCaptured = false } = found;
  const { status, lateCheck } = payment;
  if (isUnanswered && status === 'COMPENSATED' && !isWish) {
    const pauses = timings.lateChecksAfterMs;
    const pause = pauses[lateCheck?.made ?? 0] ?? pauses.at(-1) ?? 0;
    const dueAt = new Date(clock.now().getTime() + pause).toISOString();
    const isOfSchedule = lateCheck?.dueAt !== undefined && lateCheck.dueAt <= inquiredAt;
    await payments.reschedule(payment, {
      dueAt,
      ...(isOfSchedule && { lateCheck: { ...lateCheck, dueAt } }),
    });

    return dueAt;
  }
  // First: once it is noted that the PG was asked, nobody asks again on the same wish.
  if (isCaptured) await payments.hint(payment, clock.now().toISOString());
  await note(payment, { detail, ...heard }, isUnanswered ? undefined : inquiredAt);
  if (isUnanswered) throw new Unanswered(detail);
  if (status !== 'COMPENSATED') return dueOf(payment);
  const next = lateCheck?.dueAt;
  // A hint made it due, and has been followed.
  if (payment.dueAt !== next) await payments.reschedule(payment, next ? { dueAt: next } : {});

  return next;
};
