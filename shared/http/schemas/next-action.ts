import * as z from 'zod';
import { amountOf, currency, timestampOf } from './fields.ts';

const provideMethod = z
  .strictObject({
    type: z.literal('provide-payment-method').meta({ description: 'Kind of the action.' }),
    gateway: z
      .enum(['simulator', 'stripe', 'toss'])
      .meta({ description: 'Payment gateway whose window the page opens.' }),
    clientKey: z.string().optional().meta({
      description: "Publishable key for the gateway's script. Absent if none is configured.",
    }),
    reference: z.string().meta({
      description:
        'Reference to open the window with: the order id of Toss Payments, or metadata of Stripe. It changes with each attempt.',
    }),
    amount: amountOf('Amount to open the window with'),
    currency,
    url: z.url().optional().meta({
      description: "Page of the window, complete with its query, if it is a page of the gateway's.",
    }),
    expiresAt: timestampOf('When the hold ends and the payment fails'),
  })
  .meta({
    id: 'ProvidePaymentMethod',
    description:
      'Open the window of the gateway with exactly this reference and amount, then confirm the payment with the payment method that it gives.',
  });

const redirect = z
  .strictObject({
    type: z.literal('redirect').meta({ description: 'Kind of the action.' }),
    url: z.url().meta({ description: 'Page of the gateway or the bank.' }),
    expiresAt: timestampOf('When the charge is cancelled'),
  })
  .meta({
    id: 'Redirect',
    description:
      'Send the buyer to this page, such as 3-D Secure. The gateway sends them back to `returnUrl`; then confirm the payment without a payment method.',
  });

/** What the buyer's page does next. */
export const nextActionSchema = z.discriminatedUnion('type', [provideMethod, redirect]).meta({
  id: 'NextAction',
  description: 'What the page of the buyer does next. New types may be added.',
});

export type NextActionBody = z.infer<typeof nextActionSchema>;
