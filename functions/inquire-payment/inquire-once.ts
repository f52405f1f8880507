import type { TransitionDecision } from '../../shared/application/payments/decide-transition.ts';
import { inquireConclusively } from '../../shared/application/payments/inquire-conclusively.ts';
import { triggerOf } from '../../shared/domain/payments/inquiry-request.ts';
import { inquiryDueAt, scheduledInquiryAt } from '../../shared/domain/payments/inquiry-schedule.ts';
import type { Evidence, Payment } from '../../shared/domain/payments/payment.ts';
import { withCallLog } from '../../shared/gateway/recording-gateway.ts';
import { decideAfterInquiry } from './decide-after-inquiry.ts';
import { GatewayNoResponseError, InquiryNotSentError, notSentError } from './errors.ts';
import { inquireUnderReview } from './inquire-under-review.ts';
import { checkLateCapture, reverseLateCapture } from './late-capture.ts';
import type {
  InquireOnceDependencies,
  InquiryCommand,
  InquiryResult,
  Observation,
} from './types.ts';

/**
 * Of one step. Each inquiry of the schedule raises the version, so that two messages at once ask the PG once; a payment that is compensated
 * may stay as it is, and its steps are told apart by when they were due. Out of turn, the PG is asked for each wish.
 */
export const inquiryKeyOf = ({
  payment: { paymentId, attempt, version, status, dueAt },
  request,
}: InquiryCommand) =>
  JSON.stringify([
    paymentId,
    attempt,
    version,
    ...(request ? [request.id] : []),
    ...(!request && status === 'COMPENSATED' && dueAt !== undefined ? [dueAt] : []),
  ]);

type InquiryStep = (
  deps: InquireOnceDependencies,
  payment: Payment,
  isExtra: boolean,
) => Promise<TransitionDecision | Observation>;

const stepByStatus: Partial<Record<Payment['status'], InquiryStep>> = {
  UNKNOWN: async (deps, payment, isOutOfTurn) => {
    const finding = await inquireConclusively(deps, payment);
    if (finding.outcome === 'not-sent' && !isOutOfTurn) throw notSentError(deps, payment, finding);

    return decideAfterInquiry(finding, payment, {
      at: deps.clock.now(),
      isOutOfTurn,
      timings: deps.timings,
    });
  },
  COMPENSATED: checkLateCapture,
  LATE_CAPTURED: reverseLateCapture,
  IN_REVIEW: inquireUnderReview,
};

/** Asks the PG once about a payment that is due or wished for, and writes what its answer means. */
export const inquireOnce =
  (deps: InquireOnceDependencies) =>
  async ({ payment, request }: InquiryCommand): Promise<InquiryResult> => {
    const step = stepByStatus[payment.status];
    if (step === undefined) throw new Error(`There is nothing to ask about ${payment.paymentId}.`);
    const now = deps.clock.now();
    const isScheduled = Date.parse(scheduledInquiryAt(payment) ?? '') <= now.getTime();
    const { gateway, gatewayCalls } = withCallLog(deps.gateway);
    const found = await step({ ...deps, gateway }, payment, !isScheduled).catch(
      async (error: unknown) => {
        if (error instanceof InquiryNotSentError) {
          const dueAt = new Date(now.getTime() + error.afterMs).toISOString();
          await deps.payments.tryLease(payment, dueAt);
        }
        throw error;
      },
    );
    const evidence = {
      ...(gatewayCalls.length > 0 && { gatewayCalls }),
      ...triggerOf(request),
    };
    const lastInquiredAt = now.toISOString();
    if ('observation' in found) {
      const dueAt = await recordObservation(deps, {
        payment,
        found,
        evidence,
        lastInquiredAt,
        isRequested: !!request,
      });

      return { status: payment.status, version: payment.version, ...(dueAt && { dueAt }) };
    }
    const change = { ...found.change, lastInquiredAt };
    const after = await deps.record(payment, { ...found, ...evidence, change });

    return { status: after.status, version: after.version, dueAt: inquiryDueAt(after) };
  };

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
