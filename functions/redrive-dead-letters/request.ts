import * as z from 'zod';
import { longestSeconds } from '../../shared/application/dead-letters/redrive.ts';

/** POST /operator/dead-letters/redrive. */
export const redriveBody = z
  .strictObject({
    consumer: z.string().min(1).max(64),
    action: z.enum(['send-again', 'drop']),
    paymentId: z.string().min(1).max(64).optional(),
    event: z.string().min(1).max(64).optional(),
    olderThanSeconds: z.int().nonnegative().optional(),
    dryRun: z.boolean().default(true),
    most: z.int().min(1).max(100).default(10),
    perSecond: z.int().min(1).max(100).default(10),
    reason: z.string().trim().min(1).max(500),
  })
  .refine(({ dryRun, most, perSecond }) => dryRun || most / perSecond <= longestSeconds, {
    path: ['most'],
    error: `At this rate it takes longer than ${longestSeconds} s: ask for fewer.`,
  });
