import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import type { PaymentStatus } from '../domain/payments/payment.ts';
import { logger } from '../observability/logger.ts';
import { flushMetrics, logOutcome, withLatency } from '../observability/metrics.ts';
import { traceIdOf } from '../observability/trace-context.ts';

/** What the state machine gives to each of its functions. */
export const stepInput = z.object({
  paymentId: z.string().min(1),
  /** Of the event that it all began with; empty where that had none. */
  traceparent: z.string().optional(),
});

export type StepInput = z.infer<typeof stepInput>;

/** What a step tells the state machine, and its log line. */
export interface StepOutput {
  readonly outcome: string;
  /** Where the last step leaves the payment, and the targets that no step has recorded. */
  readonly status?: PaymentStatus;
  readonly missing?: readonly string[];
}

/** Runs one step of a compensation. An error is logged and thrown: the state machine tries again, and then goes on without the step. */
export const stepHandler = (step: (input: StepInput, context: Context) => Promise<StepOutput>) =>
  middy<unknown, StepOutput>()
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
