import * as z from 'zod';
import { timestamp } from './fields.ts';
import { gatewayCalls } from './gateway-calls.ts';
import { paymentStage } from './payment.ts';
import { refundStatus } from './refund.ts';

const stage = z.union([paymentStage, refundStatus]);

/** One thing that happened, of one of these kinds. */
export const timelineEntrySchema = <const K extends readonly string[]>(kinds: K) =>
  z.strictObject({
    at: timestamp,
    sinceAcceptMs: z.int(),
    kind: z.enum(kinds),
    from: stage.optional(),
    to: stage.optional(),
    detail: z.string().meta({ description: 'For people; its words may change.' }),
    eventId: z.string().optional().meta({ description: 'Of the event that it is about.' }),
    gatewayCalls: gatewayCalls.optional(),
  });

export const pendingActionsSchema = z
  .array(z.strictObject({ at: timestamp.optional(), detail: z.string() }))
  .readonly()
  .meta({ description: 'What is still to happen, and when at the latest if a time is set.' });
