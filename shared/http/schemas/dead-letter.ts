import * as z from 'zod';

/** A dead letter, what it is about, and what is to become of it. */
export const deadLetterSchema = z
  .strictObject({
    messageId: z.string(),
    paymentId: z.string().optional(),
    event: z.string().optional(),
    sentAt: z.iso.datetime(),
    redrives: z.int().nonnegative().meta({ description: 'How often it was sent again from here.' }),
    class: z
      .enum(['send-again', 'inquire-first', 'already-done', 'poison'])
      .meta({ description: 'By what its payment is now.' }),
    why: z.string(),
  })
  .meta({ id: 'DeadLetter' });
