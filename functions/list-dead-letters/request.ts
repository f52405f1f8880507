import * as z from 'zod';
import { limitUpTo } from '../../shared/http/pagination.ts';

/** GET /operator/dead-letters. */
export const deadLettersQuery = z.strictObject({
  /** Of one queue alone. */
  consumer: z.string().max(64).optional(),
  /** Of each queue. */
  sample: limitUpTo(20).default(5),
});
