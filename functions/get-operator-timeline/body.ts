import type { CompensationRecord } from '../../shared/domain/compensation/compensation.ts';
import { uncompensatedTargets } from '../../shared/domain/compensation/compensation-target.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { Refund } from '../../shared/domain/refunds/refund.ts';
import {
  listOperatorPendingActions,
  listPendingActions,
  type PendingActionTimings,
} from '../../shared/domain/timeline/pending-actions.ts';
import { buildOperatorTimeline } from '../../shared/domain/timeline/timeline.ts';
import { paymentBody } from '../../shared/http/payment-body.ts';
import { traceIdOf } from '../../shared/observability/trace-context.ts';
import type { ConsumerStatus } from '../../shared/persistence/consumer-status.ts';
import { filterReadable } from '../../shared/persistence/readable-items.ts';
import type { OperatorTimelineBody } from './operation.ts';

interface Records {
  readonly compensations: readonly CompensationRecord[];
  readonly refunds: readonly Refund[];
}

/**
 * The timeline, the evidence and the pending actions of a payment, without its payment method and without the
 * buyer's request.
 */
export const operatorTimelineBody = (
  payment: Payment,
  { compensations, refunds }: Records,
  consumerStatus: ConsumerStatus,
  timings: PendingActionTimings,
): OperatorTimelineBody => {
  const { userId, attempt, refundPending, refundedElsewhere, dispute, traceparent } = payment;
  const missing = uncompensatedTargets(payment, compensations);
  const traceId = traceIdOf(traceparent);

  return {
    ...paymentBody(payment),
    userId,
    attempt,
    refundPending,
    ...(refundedElsewhere !== undefined && { refundedElsewhere }),
    ...(dispute && { dispute }),
    ...(traceId && { traceId }),
    entries: buildOperatorTimeline(payment, {
      compensations: filterReadable('compensations', compensations),
      refunds,
      ...consumerStatus,
    }),
    pendingActions: [
      ...listPendingActions(payment, { refunds, missing }, timings),
      ...listOperatorPendingActions(payment, consumerStatus),
    ],
  };
};
