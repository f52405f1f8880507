import * as z from 'zod';
import { pgOperations, pgOutcomes } from '../../domain/gateway-call.ts';
import { moment } from './fields.ts';

/** What the payment gateway was asked, by whom it was wished for, and what it said. */
export const asked = z
  .array(
    z.strictObject({
      operation: z.enum(pgOperations),
      outcome: z.enum(pgOutcomes),
      tookMs: z.int().nonnegative(),
    }),
  )
  .readonly()
  .meta({ description: 'What the payment gateway was asked, how that ended, how long it took.' });

export const wish = z
  .strictObject({ by: z.enum(['webhook', 'operator']), at: moment })
  .meta({ description: 'Who had the payment gateway asked out of turn.' });
