import * as z from 'zod';
import { storedRejectionCodes } from '../../shared/application/payments/accept-payment.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { currency, id, minorUnits } from '../../shared/http/schemas/fields.ts';
import { paymentLinksSchema } from '../../shared/http/schemas/payment.ts';
import { examples } from './examples.ts';
import { acceptPaymentSchema } from './request.ts';

const accepted = z
  .strictObject({
    paymentId: id,
    orderId: id,
    status: z.literal('PENDING'),
    amount: minorUnits,
    currency,
    links: paymentLinksSchema,
  })
  .meta({ id: 'AcceptedPayment' });

export type AcceptedBody = z.infer<typeof accepted>;

export const operation: Operation = {
  tag: 'Payments',
  summary: 'Pay an order',
  description:
    "The money is held, the stock reserved and the payment stored in one transaction, or nothing of it. Charging comes after the answer: ask the payment itself what became of it. The price is the order's; `expectedAmount` is only ever compared with it. " +
    'For want of money or stock the payment is stored as failed, so its key keeps its answer, and the order is cancelled.',
  headers: ['Idempotency-Key'],
  body: acceptPaymentSchema,
  responses: {
    202: {
      description:
        'The payment is accepted. The same key gives the same answer, whatever has become of it since.',
      schema: accepted,
      headers: ['Location', 'Retry-After', 'Idempotency-Replayed'],
    },
  },
  problems: [
    'balance-not-usable',
    'being-released',
    'insufficient-balance',
    'order-expired',
    'order-not-found',
    'order-not-payable',
    'out-of-stock',
    'payment-in-progress',
    'product-not-sellable',
    'total-changed',
  ],
  storedRejections: storedRejectionCodes,
  examples,
};
