import type { Compensation } from '../../shared/domain/compensation/compensation.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { Refund } from '../../shared/domain/refunds/refund.ts';
import {
  innerDueOf,
  type Schedule,
  stillDueOf,
} from '../../shared/domain/timeline/pending-actions.ts';
import { wholeTimelineOf } from '../../shared/domain/timeline/timeline.ts';
import { paymentBody } from '../../shared/http/payment-body.ts';
import { traceIdOf } from '../../shared/observability/trace-context.ts';
import { missingOf } from '../../shared/persistence/compensation-repository.ts';
import type { Traces } from '../../shared/persistence/consumer-status.ts';
import { readable } from '../../shared/persistence/readable-items.ts';
import type { ExplanationBody } from './operation.ts';

interface Records {
  readonly compensations: readonly Compensation[];
  readonly refunds: readonly Refund[];
}

/** All that was seen and done of a payment, and what is still due; not how it is paid, nor in which words it was asked for. */
export const explanationBody = (
  payment: Payment,
  { compensations, refunds }: Records,
  traces: Traces,
  timings: Schedule,
): ExplanationBody => {
  const { userId, attempt, refundPending, traceparent } = payment;
  const missing = missingOf(payment, compensations);
  const traceId = traceIdOf(traceparent);

  return {
    ...paymentBody(payment),
    userId,
    attempt,
    refundPending,
    ...(traceId && { traceId }),
    entries: wholeTimelineOf(payment, {
      compensations: readable('compensations', compensations),
      refunds,
      ...traces,
    }),
    due: [...stillDueOf(payment, { refunds, missing }, timings), ...innerDueOf(payment, traces)],
  };
};
