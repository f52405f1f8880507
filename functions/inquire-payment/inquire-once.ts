import type { TransitionDecision } from '../../shared/application/payments/decide-transition.ts';
import { inquireConclusively } from '../../shared/application/payments/inquire-conclusively.ts';
import { type InquiryRequest, triggerOf } from '../../shared/domain/payments/inquiry-request.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { withCallLog } from '../../shared/gateway/recording-gateway.ts';
import { checkLateCapture } from './check-late-capture.ts';
import { decideAfterInquiry } from './decide-after-inquiry.ts';
import type { InquireOnceDependencies, Observation } from './dependencies.ts';
import { InquiryNotSentError, notSentError } from './errors.ts';
import { inquireUnderReview } from './inquire-under-review.ts';
import { inquiryDueAt, scheduledInquiryAt } from './inquiry-due.ts';
import { recordObservation } from './record-observation.ts';
import { reverseLateCapture } from './reverse-late-capture.ts';

/** A payment to be asked about as it was read, and whose wish that is where it is not its schedule's. */
export interface InquiryCommand {
  readonly payment: Payment;
  readonly request?: Pick<InquiryRequest, 'id' | 'time'>;
}

/** Where a step has left a payment, and when the next one is due; without a time nothing more is to be asked. */
export type InquiryResult = Pick<Payment, 'status' | 'version' | 'dueAt'>;

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
