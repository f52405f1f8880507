import * as z from 'zod';

/** GET /operator/dead-letters. */
export const deadLettersQuery = z.strictObject({
  /** Of each queue. */
  sample: z.coerce.number().int().min(1).max(20).default(5),
});
