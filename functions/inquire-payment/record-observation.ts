import type { Evidence, Payment } from '../../shared/domain/payments/payment.ts';
import type { InquireOnceDependencies, Observation } from './dependencies.ts';
import { GatewayNoResponseError } from './errors.ts';
import { inquiryDueAt } from './inquiry-due.ts';

interface Inquiry {
  readonly payment: Payment;
  readonly found: Observation;
  readonly evidence: Pick<Evidence, 'gatewayCalls' | 'trigger'>;
  /** ISO 8601: before the request. */
  readonly lastInquiredAt: string;
  /** A message carries it, which comes again where the PG gave no answer. */
  readonly isRequested: boolean;
}

/**
 * Writes beside the journal what an inquiry saw that moves nothing: no inquiry that found nothing new makes a payment longer without a bound.
 * Gives the time of the next one, if there is one.
 */
export const recordObservation = async (
  { recordEvidence, payments, clock, timings }: InquireOnceDependencies,
  { payment, found, evidence, lastInquiredAt, isRequested }: Inquiry,
): Promise<string | undefined> => {
  const { observation: detail, hasNoAnswer = false, isCaptured = false } = found;
  const { status, lateCaptureCheck } = payment;
  if (hasNoAnswer && status === 'COMPENSATED' && !isRequested) {
    const delaysMs = timings.lateCaptureCheckDelaysMs;
    const delayMs = delaysMs[lateCaptureCheck?.count ?? 0] ?? delaysMs.at(-1) ?? 0;
    const dueAt = new Date(clock.now().getTime() + delayMs).toISOString();
    const isScheduled =
      lateCaptureCheck?.nextAt !== undefined && lateCaptureCheck.nextAt <= lastInquiredAt;
    await payments.reschedule(payment, {
      dueAt,
      ...(isScheduled && { lateCaptureCheck: { ...lateCaptureCheck, nextAt: dueAt } }),
    });

    return dueAt;
  }
  // First: once it is noted that the PG was asked, nobody asks again on the same wish.
  if (isCaptured) await payments.recordHint(payment, clock.now().toISOString());
  await recordEvidence(payment, { detail, ...evidence }, hasNoAnswer ? undefined : lastInquiredAt);
  if (hasNoAnswer) throw new GatewayNoResponseError(detail);
  if (status !== 'COMPENSATED') return inquiryDueAt(payment);
  const nextDueAt = lateCaptureCheck?.nextAt;
  // A hint made it due, and has been followed.
  if (payment.dueAt !== nextDueAt)
    await payments.reschedule(payment, nextDueAt ? { dueAt: nextDueAt } : {});

  return nextDueAt;
};
