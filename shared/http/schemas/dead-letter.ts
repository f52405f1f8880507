import * as z from 'zod';

/** A dead letter, what it is about, and what is to become of it. */
export const deadLetterSchema = z
  .strictObject({
    messageId: z.string(),
    paymentId: z.string().optional(),
    event: z.string().optional(),
    sentAt: z.iso.datetime(),
    redrives: z.int().nonnegative().meta({ description: 'How often it was sent again from here.' }),
    disposition: z
      .enum(['redrive', 'inquiry-required', 'obsolete', 'poison'])
      .meta({ description: 'By what its payment is now.' }),
    reason: z.string(),
  })
  .meta({ id: 'DeadLetter' });
