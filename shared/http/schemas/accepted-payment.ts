import * as z from 'zod';
import { amountOf, currency, idOf } from './fields.ts';
import { nextActionSchema } from './next-action.ts';
import { paymentLinksSchema } from './payment.ts';

/** The answer to a request that opens a payment, or with which its buyer goes on. */
export const acceptedPaymentSchema = z
  .strictObject({
    paymentId: idOf('payment'),
    orderId: idOf('order'),
    status: z.enum(['PENDING', 'REQUIRES_ACTION']).meta({
      description:
        'Status of the payment after the request. REQUIRES_ACTION: it waits for its buyer.',
    }),
    amount: amountOf('Amount of the payment'),
    currency,
    nextAction: nextActionSchema.optional(),
    links: paymentLinksSchema,
  })
  .meta({ id: 'AcceptedPayment', description: 'A payment whose request was accepted.' });

export type AcceptedBody = z.infer<typeof acceptedPaymentSchema>;
