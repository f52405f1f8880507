import * as z from 'zod';
import { moment } from './fields.ts';
import { asked } from './gateway-calls.ts';
import { paymentStage } from './payment.ts';
import { refundStatus } from './refund.ts';

const stage = z.union([paymentStage, refundStatus]);

/** One thing that happened, of one of these kinds. */
export const timelineEntry = <const K extends readonly string[]>(kinds: K) =>
  z.strictObject({
    at: moment,
    sinceAcceptMs: z.int(),
    kind: z.enum(kinds),
    from: stage.optional(),
    to: stage.optional(),
    detail: z.string().meta({ description: 'For people; its words may change.' }),
    eventId: z.string().optional().meta({ description: 'Of the event that it is about.' }),
    asked: asked.optional(),
  });

export const stillDue = z
  .array(z.strictObject({ at: moment.optional(), detail: z.string() }))
  .readonly()
  .meta({ description: 'What is still to happen, and when at the latest if a time is set.' });
