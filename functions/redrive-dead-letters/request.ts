import * as z from 'zod';
import { maxRuntimeSeconds } from '../../shared/application/dead-letters/redrive.ts';

/** POST /operator/dead-letters/redrive. */
export const redriveSchema = z
  .strictObject({
    consumer: z.string().min(1).max(64),
    action: z.enum(['redrive', 'delete']),
    paymentId: z.string().min(1).max(64).optional(),
    event: z.string().min(1).max(64).optional(),
    olderThanSeconds: z.int().nonnegative().optional(),
    dryRun: z.boolean().default(true),
    limit: z.int().min(1).max(100).default(10),
    ratePerSecond: z.int().min(1).max(100).default(10),
    reason: z.string().trim().min(1).max(500),
  })
  .refine(
    ({ dryRun, limit, ratePerSecond }) => dryRun || limit / ratePerSecond <= maxRuntimeSeconds,
    {
      path: ['limit'],
      error: `At this rate it takes longer than ${maxRuntimeSeconds} s: lower "limit" or raise "ratePerSecond".`,
    },
  );
