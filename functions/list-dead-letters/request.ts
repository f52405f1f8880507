import * as z from 'zod';

/** GET /operator/dead-letters. */
export const deadLettersQuery = z.strictObject({
  /** Of one queue alone. */
  consumer: z.string().min(1).max(64).optional(),
  /** Of each queue. */
  sample: z.coerce.number().int().min(1).max(20).default(5),
});
