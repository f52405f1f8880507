import * as z from 'zod';
import { limitUpTo } from '../../shared/http/pagination.ts';

/** GET /operator/dead-letters. */
export const deadLettersQuery = z.strictObject({
  /** Limits the list to the queue of one consumer. */
  consumer: z.string().max(64).optional(),
  /** How many messages of each queue to show. */
  sample: limitUpTo(20).default(5),
});
