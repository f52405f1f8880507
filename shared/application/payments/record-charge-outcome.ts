import { withoutNextAttempt } from '../../domain/payments/another-attempt.ts';
import type { OwnFailureCode } from '../../domain/payments/buyer-failure.ts';
import type { Evidence, Payment } from '../../domain/payments/payment.ts';
import {
  canTransition,
  type TransitionInput,
  transitionPayment,
} from '../../domain/payments/payment-transitions.ts';
import type { Clock } from '../../domain/time.ts';
import { logger } from '../../observability/logger.ts';
import type { PaymentRepository } from '../../persistence/payment-repository.ts';
import type { createCapturePayment } from './capture-payment.ts';
import type { TransitionDecision } from './decide-transition.ts';
import { recordTimeToFinalStatus } from './record-time-to-final-status.ts';

interface Dependencies {
  readonly payments: Pick<PaymentRepository, 'tryUpdate' | 'recordEvidence' | 'recordHint'>;
  readonly capturePayment: ReturnType<typeof createCapturePayment>;
  readonly clock: Clock;
  /** The function that called the gateway. */
  readonly by: string;
}

type GatewayObservation = Pick<Evidence, 'detail' | 'gatewayCalls' | 'trigger'>;

interface EvidenceDependencies extends Pick<Dependencies, 'clock' | 'by'> {
  readonly payments: Pick<PaymentRepository, 'recordEvidence'>;
}

/**
 * Stores a gateway response that causes no transition as evidence; with `lastInquiredAt`, also the time of
 * the inquiry.
 */
export const createRecordEvidence =
  ({ payments, clock, by }: EvidenceDependencies) =>
  (payment: Payment, observation: GatewayObservation, lastInquiredAt?: string): Promise<boolean> =>
    payments.recordEvidence(
      payment,
      { at: clock.now().toISOString(), by, ...observation },
      lastInquiredAt,
    );

export type RecordChargeOutcome = (
  before: Payment,
  decision: TransitionDecision,
) => Promise<Payment>;

/**
 * Writes the transition that was decided from the gateway's response, under the optimistic lock. Returns the
 * written payment.
 *
 * On a version conflict, the response is stored as evidence and the payment is returned unchanged; a response
 * that reports a capture also leaves a hint, so that another inquiry follows. On a ledger mismatch, a review
 * is opened.
 */
export const createRecordChargeOutcome =
  ({ payments, capturePayment, clock, by }: Dependencies): RecordChargeOutcome =>
  async (before, decision) => {
    const { transition, detail, change, gatewayCalls = [], trigger } = decision;
    const recordEvidence = createRecordEvidence({ payments, clock, by });
    const observation = {
      ...(gatewayCalls.length > 0 && { gatewayCalls }),
      ...(trigger && { trigger }),
    };
    const step = { at: clock.now(), by, detail, ...observation };
    const after = transitionPayment(before, transition, { ...step, ...(change && { change }) });
    const writeResult =
      transition === 'captured'
        ? await capturePayment(before, after)
        : (await payments.tryUpdate(before, after)) && 'written';
    if (writeResult === 'written') {
      recordTimeToFinalStatus(before, after);

      return after;
    }
    // The buyer has cancelled since the payment was read, or its version has changed.
    if (transition === 'declinedKept') {
      const failed = transitionPayment(before, 'declined', {
        ...step,
        change: withoutNextAttempt(change ?? {}),
      });
      if (await payments.tryUpdate(before, failed)) {
        recordTimeToFinalStatus(before, failed);

        return failed;
      }
    }
    // A payment that is under review already stays there.
    if (writeResult === 'ledger-mismatch' && canTransition(before, 'reviewOpened')) {
      const review = ledgerMismatchReview(
        before,
        after,
        { at: clock.now(), by, ...observation },
        detail,
      );
      if (await payments.tryUpdate(before, review)) return review;
    }
    const { paymentId, attempt } = before;
    const reason =
      writeResult === 'ledger-mismatch'
        ? 'ledger mismatch'
        : `version conflict: too late for version ${before.version}, attempt ${attempt}`;
    logger.warn('outcome not recorded', { paymentId, attempt, reason, detail });
    await recordEvidence(before, { detail: `${reason}: ${detail}`, ...observation });
    if (reportsCapture(decision)) await payments.recordHint(before, clock.now().toISOString());

    return before;
  };

/** Whether the gateway has, or had, the money: then another inquiry must follow a version conflict. */
const reportsCapture = ({ transition, change }: TransitionDecision): boolean =>
  transition === 'captured' ||
  transition === 'lateCaptured' ||
  captureFailureCodes.includes(change?.failure?.code ?? '');

const captureFailureCodes: readonly string[] = ['pg-mismatch', 'refunded-at-gateway'];

/**
 * The gateway has the money, but the order is cancelled or another payment's: an operator decides, and
 * nothing is compensated.
 */
const ledgerMismatchReview = (
  payment: Payment,
  { pg }: Pick<Payment, 'pg'>,
  step: Pick<TransitionInput, 'at' | 'by' | 'gatewayCalls' | 'trigger'>,
  evidence: string,
): Payment => {
  const reason =
    'The charge was approved, but its order is cancelled or belongs to another payment.';

  return transitionPayment(payment, 'reviewOpened', {
    ...step,
    detail: reason,
    change: {
      ...(pg && { pg }),
      failure: { code: 'ledger-mismatch' satisfies OwnFailureCode, reason, evidence },
    },
  });
};
