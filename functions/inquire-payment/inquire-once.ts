import type { TransitionDecision } from '../../shared/application/payments/decide-transition.ts';
import { inquireConclusively } from '../../shared/application/payments/inquire-conclusively.ts';
import { inquiryRetryMs } from '../../shared/domain/payments/buyer-action.ts';
import { triggerOf } from '../../shared/domain/payments/inquiry-request.ts';
import { inquiryDueAt, scheduledInquiryAt } from '../../shared/domain/payments/inquiry-schedule.ts';
import type { Evidence, Payment } from '../../shared/domain/payments/payment.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import { withCallLog } from '../../shared/gateway/recording-gateway.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { decideAfterInquiry } from './decide-after-inquiry.ts';
import { GatewayNoResponseError, InquiryNotSentError, notSentError } from './errors.ts';
import { inquireAboutAction } from './inquire-about-action.ts';
import { inquireUnderReview } from './inquire-under-review.ts';
import { checkLateCapture, reverseLateCapture } from './late-capture.ts';
import type {
  InquireOnceDependencies,
  InquiryCommand,
  InquiryResult,
  Observation,
} from './types.ts';

/**
 * Identifies one inquiry. A scheduled inquiry raises the version: two concurrent messages may both ask the
 * gateway, and one of them writes the version. A payment that is compensated or waits for its buyer may keep its version, so its due time and
 * its last inquiry are part of the key. The key of an immediate inquiry has the request id instead.
 */
export const inquiryKeyOf = ({ payment, request }: InquiryCommand) => {
  const { paymentId, attempt, version, status, dueAt, lastInquiredAt } = payment;

  return JSON.stringify([
    paymentId,
    attempt,
    version,
    ...(request ? [request.id] : []),
    ...(!request && status === 'COMPENSATED' && dueAt !== undefined ? [dueAt] : []),
    ...(!request && status === 'REQUIRES_ACTION' ? [dueAt, lastInquiredAt] : []),
  ]);
};

type InquiryStep = (
  deps: InquireOnceDependencies,
  payment: Payment,
  isImmediate: boolean,
) => Promise<TransitionDecision | Observation>;

const stepByStatus: Partial<Record<Payment['status'], InquiryStep>> = {
  UNKNOWN: async (deps, payment, isImmediate) => {
    const finding = await inquireConclusively(deps, payment, { mayWait: true });
    if (finding.outcome === 'not-sent' && !isImmediate) throw notSentError(deps, payment, finding);

    return decideAfterInquiry(finding, payment, {
      at: deps.clock.now(),
      isImmediate,
      timings: deps.timings,
    });
  },
  REQUIRES_ACTION: inquireAboutAction,
  COMPENSATED: checkLateCapture,
  LATE_CAPTURED: reverseLateCapture,
  IN_REVIEW: inquireUnderReview,
};

/** Inquires once about a payment that is due or requested, and records the decision or the observation. */
export const inquireOnce =
  (deps: InquireOnceDependencies) =>
  async ({ payment, request }: InquiryCommand): Promise<InquiryResult> => {
    const step = stepByStatus[payment.status];
    if (step === undefined)
      throw new Error(
        `Payment ${payment.paymentId} cannot be inquired about in status ${payment.status}.`,
      );
    const now = deps.clock.now();
    const isScheduled = Date.parse(scheduledInquiryAt(payment) ?? '') <= now.getTime();
    const { gateway, gatewayCalls } = withCallLog(deps.gateway, deps.clock);
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

    return { ...toResult(after), ...(after.version === payment.version && { isLost: true }) };
  };

/** Reads the payment, and returns the result of the inquiry that wrote the next version. */
export const findInquiry =
  ({ payments }: { readonly payments: Pick<PaymentRepository, 'getOrThrow'> }) =>
  async ({
    payment: { paymentId, version },
    request,
  }: InquiryCommand): Promise<InquiryResult | undefined> => {
    const payment = await payments.getOrThrow(paymentId);
    const written = payment.history.find((entry) => entry.version === version + 1);
    if (written?.by !== 'inquire-payment' || written.trigger?.requestedAt !== request?.time)
      return undefined;

    return toResult({ ...payment, status: written.to, version: written.version });
  };

const toResult = (payment: Payment): InquiryResult => ({
  status: payment.status,
  version: payment.version,
  dueAt: inquiryDueAt(payment),
});

interface Inquiry {
  readonly payment: Payment;
  readonly found: Observation;
  readonly evidence: Pick<Evidence, 'gatewayCalls' | 'trigger'>;
  /** When the inquiry began, ISO 8601. */
  readonly lastInquiredAt: string;
  /** Its message retries if the gateway gave no answer. */
  readonly isRequested: boolean;
}

/**
 * Stores an observation that changes no status outside the history, so that repeated inquiries do not grow
 * the payment. Returns when the next inquiry is due, if one is.
 */
const recordObservation = async (
  { recordEvidence, payments, clock, timings }: InquireOnceDependencies,
  { payment, found, evidence, lastInquiredAt, isRequested }: Inquiry,
): Promise<string | undefined> => {
  const { observation: detail, hasNoAnswer = false, isCaptured = false } = found;
  const { status, lateCaptureCheck, action } = payment;
  const retry =
    hasNoAnswer && !isRequested
      ? retryOf(payment, { now: clock.now(), lastInquiredAt, timings })
      : undefined;
  if (retry !== undefined) {
    await payments.reschedule(payment, retry);

    return retry.dueAt;
  }
  // The hint is stored first: after the evidence is stored, no retry answers the same request.
  if (isCaptured) await payments.recordHint(payment, clock.now().toISOString());
  await recordEvidence(payment, { detail, ...evidence }, hasNoAnswer ? undefined : lastInquiredAt);
  if (hasNoAnswer) throw new GatewayNoResponseError(detail);
  if (status !== 'COMPENSATED' && status !== 'REQUIRES_ACTION') return inquiryDueAt(payment);
  const nextDueAt = status === 'COMPENSATED' ? lateCaptureCheck?.nextAt : action?.expiresAt;
  // A hint made the payment due, and this inquiry has answered it.
  if (payment.dueAt !== nextDueAt)
    await payments.reschedule(payment, nextDueAt ? { dueAt: nextDueAt } : {});

  return nextDueAt;
};

interface RetryContext extends Pick<Inquiry, 'lastInquiredAt'> {
  readonly now: Date;
  readonly timings: Timings;
}

/**
 * When a scheduled inquiry without an answer is repeated; undefined in a status in which its message retries. A
 * late-capture check that was due is then the next one again.
 */
const retryOf = (
  payment: Payment,
  { now, lastInquiredAt, timings }: RetryContext,
): Pick<Payment, 'dueAt' | 'lateCaptureCheck'> | undefined => {
  const { status, lateCaptureCheck } = payment;
  if (status === 'REQUIRES_ACTION')
    return { dueAt: new Date(now.getTime() + inquiryRetryMs(payment, now, timings)).toISOString() };
  if (status !== 'COMPENSATED') return undefined;
  const delaysMs = timings.lateCaptureCheckDelaysMs;
  const delayMs = delaysMs[lateCaptureCheck?.count ?? 0] ?? delaysMs.at(-1) ?? 0;
  const dueAt = new Date(now.getTime() + delayMs).toISOString();
  const isScheduled =
    lateCaptureCheck?.nextAt !== undefined && lateCaptureCheck.nextAt <= lastInquiredAt;

  return {
    dueAt,
    ...(isScheduled && { lateCaptureCheck: { ...lateCaptureCheck, nextAt: dueAt } }),
  };
};
