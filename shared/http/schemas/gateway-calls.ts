import * as z from 'zod';
import { gatewayOperations, gatewayOutcomes } from '../../domain/gateway-call.ts';
import { timestamp } from './fields.ts';

/** What the payment gateway was asked, by whom it was wished for, and what it said. */
export const gatewayCalls = z
  .array(
    z.strictObject({
      operation: z.enum(gatewayOperations),
      outcome: z.enum(gatewayOutcomes),
      durationMs: z.int().nonnegative(),
    }),
  )
  .readonly()
  .meta({ description: 'What the payment gateway was asked, how that ended, how long it took.' });

export const trigger = z
  .strictObject({ source: z.enum(['webhook', 'operator']), requestedAt: timestamp })
  .meta({ description: 'Who had the payment gateway asked out of turn.' });
