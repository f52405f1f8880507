import * as z from 'zod';
import { gatewayOperations, gatewayOutcomes } from '../../domain/gateway-call.ts';
import { inquirySources } from '../../domain/payments/payment.ts';
import { timestampOf } from './fields.ts';

export const gatewayCalls = z
  .array(
    z.strictObject({
      operation: z.enum(gatewayOperations).meta({ description: 'The operation requested.' }),
      outcome: z.enum(gatewayOutcomes).meta({ description: 'How the call ended.' }),
      durationMs: z.int().nonnegative().meta({ description: 'Duration in milliseconds.' }),
    }),
  )
  .readonly()
  .meta({ description: 'Calls to the payment gateway, in order.' });

export const trigger = z
  .strictObject({
    source: z.enum(inquirySources).meta({
      description: 'What triggered the inquiry: a gateway webhook, an operator or the buyer.',
    }),
    requestedAt: timestampOf('Time of the trigger'),
  })
  .meta({ description: 'Trigger of an immediate inquiry. Absent for a scheduled one.' });
