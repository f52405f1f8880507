import * as z from 'zod';
import { maxRuntimeSeconds } from '../../shared/application/dead-letters/redrive-budget.ts';
import { operatorReasonSchema } from '../../shared/http/operator-reason.ts';

/** POST /operator/dead-letters/redrive. */
export const redriveSchema = z
  .strictObject({
    consumer: z
      .string()
      .min(1)
      .max(64)
      .meta({ description: 'Function whose dead-letter queue is processed.' }),
    action: z
      .enum(['redrive', 'delete'])
      .meta({ description: 'Whether to redrive or to delete the messages.' }),
    paymentId: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .meta({ description: 'Only messages of this payment.' }),
    event: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .meta({ description: 'Only messages with this event name.' }),
    olderThanSeconds: z
      .int()
      .nonnegative()
      .optional()
      .meta({ description: 'Only messages older than this, in seconds.' }),
    dryRun: z
      .boolean()
      .default(true)
      .meta({ description: 'Whether to plan only and change nothing.' }),
    limit: z
      .int()
      .min(1)
      .max(100)
      .default(10)
      .meta({ description: 'Maximum number of messages, 1 to 100.' }),
    ratePerSecond: z
      .int()
      .min(1)
      .max(100)
      .default(10)
      .meta({ description: 'Maximum number of messages per second, 1 to 100.' }),
    reason: operatorReasonSchema,
  })
  .refine(
    ({ dryRun, limit, ratePerSecond }) => dryRun || limit / ratePerSecond <= maxRuntimeSeconds,
    {
      path: ['limit'],
      error: `At this rate the run takes longer than ${maxRuntimeSeconds} s: lower the limit.`,
    },
  );
