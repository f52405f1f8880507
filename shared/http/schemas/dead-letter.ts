import * as z from 'zod';
import { timestampOf } from './fields.ts';

/** A dead-lettered message and its disposition. */
export const deadLetterSchema = z
  .strictObject({
    messageId: z.string().meta({ description: 'SQS message ID.' }),
    paymentId: z
      .string()
      .optional()
      .meta({ description: 'ID of the payment. Absent if the message names none.' }),
    event: z
      .string()
      .optional()
      .meta({ description: 'Name of the event, such as `PaymentReserved`.' }),
    sentAt: timestampOf('Time at which the message was sent'),
    redrives: z
      .int()
      .nonnegative()
      .meta({ description: 'Number of times that the message was redriven.' }),
    disposition: z.enum(['redrive', 'inquiry-required', 'obsolete', 'poison']).meta({
      description:
        'From the current state of the payment. redrive: safe to redrive. inquiry-required: request an inquiry first. obsolete: the work is done. poison: the message is not valid.',
    }),
    reason: z.string().meta({ description: 'Reason for the disposition, for people.' }),
  })
  .meta({ id: 'DeadLetter', description: 'A dead-lettered message.' });
