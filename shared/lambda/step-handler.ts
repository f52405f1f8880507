import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import type { PaymentStatus } from '../domain/payments/payment-transitions.ts';
import { logger } from '../observability/logger.ts';
import { publishMeasures, tellOutcome, timed } from '../observability/metrics.ts';
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
export const compensationStep = (
  step: (input: StepInput, context: Context) => Promise<StepOutput>,
) =>
  middy<unknown, StepOutput>()
    .onError(({ event, error }) => {
      const ids = idsOf(stepInput.safeParse(event).data);
      logger.error('step failed', { ...ids, error: error as Error });
      publishMeasures();
    })
    .handler(async (event, context) => {
      const input = stepInput.parse(event);
      const output = await timed(
        () => step(input, context),
        () => 'done',
      );
      const { outcome, ...rest } = output;
      tellOutcome('step done', { ...idsOf(input), result: outcome, ...rest });

      return output;
    });

const idsOf = ({ traceparent, ...ids }: Partial<StepInput> = {}) => ({
  ...ids,
  traceId: traceIdOf(traceparent),
});
