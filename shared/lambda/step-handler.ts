import type { Context } from 'aws-lambda';
import * as z from 'zod';
import type { PaymentStatus } from '../domain/payments/payment.ts';
import { createHandler } from '../observability/invocation-scope.ts';
import { logger } from '../observability/logger.ts';
import { flushMetrics, logOutcome, withLatency } from '../observability/metrics.ts';
import { traceIdOf } from '../observability/trace-context.ts';

/** The input of each step of the state machine. */
export const stepInput = z.object({
  paymentId: z.string().min(1),
  /** Trace context of the event that started the compensation; empty without one. */
  traceparent: z.string().optional(),
});

export type StepInput = z.infer<typeof stepInput>;

/** The output of a step, for the state machine and its log line. */
export interface StepOutput {
  readonly outcome: string;
  /** Status of the payment after the last step, and the targets without a compensation record. */
  readonly status?: PaymentStatus;
  readonly missing?: readonly string[];
}

/**
 * Handles one compensation step. Logs and throws an error: the state machine retries the step, then skips it.
 */
export const stepHandler = (step: (input: StepInput, context: Context) => Promise<StepOutput>) =>
  createHandler<unknown, StepOutput>()
    .onError(({ event, error }) => {
      const ids = idsOf(stepInput.safeParse(event).data);
      logger.error('compensation step failed', { ...ids, error: error as Error });
      flushMetrics();
    })
    .handler(async (event, context) => {
      const input = stepInput.parse(event);
      const output = await withLatency(
        () => step(input, context),
        () => 'succeeded',
      );
      const { outcome, ...rest } = output;
      logOutcome('compensation step completed', { ...idsOf(input), result: outcome, ...rest });

      return output;
    });

const idsOf = ({ traceparent, ...ids }: Partial<StepInput> = {}) => ({
  ...ids,
  traceId: traceIdOf(traceparent),
});
