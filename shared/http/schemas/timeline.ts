import * as z from 'zod';
import { timestampOf } from './fields.ts';
import { gatewayCalls } from './gateway-calls.ts';
import { paymentStage } from './payment.ts';
import { refundStatus } from './refund.ts';

const stage = z.union([paymentStage, refundStatus]);

/** A timeline entry of one of these kinds. */
export const timelineEntrySchema = <const K extends readonly string[]>(kinds: K) =>
  z.strictObject({
    at: timestampOf('Time of the entry'),
    sinceAcceptMs: z.int().meta({ description: 'Milliseconds since the payment was accepted.' }),
    kind: z.enum(kinds).meta({ description: 'Kind of the entry.' }),
    from: stage.optional().meta({ description: 'State before a transition.' }),
    to: stage.optional().meta({ description: 'State after a transition.' }),
    detail: z.string().meta({ description: 'Explanation for people. Its text may change.' }),
    eventId: z.string().optional().meta({ description: 'ID of the event concerned.' }),
    gatewayCalls: gatewayCalls.optional(),
  });

export const pendingActionsSchema = z
  .array(
    z.strictObject({
      at: timestampOf('Latest time of the action').optional(),
      detail: z.string().meta({ description: 'Explanation for people. Its text may change.' }),
    }),
  )
  .readonly()
  .meta({
    description: 'Pending actions with their due times. An action without `at` has no deadline.',
  });
