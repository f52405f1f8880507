import * as z from 'zod';
import { limitUpTo } from '../../shared/http/pagination.ts';

/** GET /operator/dead-letters. */
export const deadLettersQuery = z.strictObject({
  consumer: z
    .string()
    .max(64)
    .optional()
    .meta({ description: 'Function whose dead-letter queue is listed; all by default.' }),
  sample: limitUpTo(20)
    .default(5)
    .meta({ description: 'Maximum number of messages for each queue, 1 to 20.' }),
});
