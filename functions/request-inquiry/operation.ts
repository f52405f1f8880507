import * as z from 'zod';
import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { paymentLinks } from '../../shared/http/payment-body.ts';
import { paymentSchema } from '../../shared/http/schemas/payment.ts';

const inquired = paymentSchema
  .extend({
    inquiryRequested: z.boolean().meta({
      description:
        'False where the payment gateway has nothing to tell: the payment was never sent, or is being refunded as a late capture.',
    }),
  })
  .meta({ id: 'InquiredPayment', description: 'A payment as it was when the inquiry began.' });

export type RequestedInquiryBody = z.infer<typeof inquired>;

const { orderId, paymentId } = alice;

const known = {
  paymentId,
  orderId,
  status: 'COMPLETED',
  stage: 'COMPLETED',
  amount: 5_000,
  currency: 'KRW',
  version: 3,
  createdAt: '2026-11-23T09:00:05.000Z',
  updatedAt: '2026-11-23T09:00:05.420Z',
  refunded: 0,
  links: paymentLinks(paymentId),
  inquiryRequested: true,
} satisfies RequestedInquiryBody;

export const operation: Operation = {
  tag: 'Operators',
  summary: 'Have the payment gateway asked about a payment now',
  description:
    'Instead of waiting for the next inquiry that is due, and at most once in ten seconds. While a charge or its compensation is under way, the inquiry waits for its end. Only what the gateway answers moves the payment; look at it again for that. A payment that has ended is compared with what the gateway holds of it, and a difference opens a review. To ask twice does no harm.',
  responses: {
    202: {
      description: 'It is being asked, or there is nothing to ask.',
      schema: inquired,
      headers: ['Retry-After'],
    },
  },
  problems: ['payment-not-found'],
  examples: {
    known: {
      summary: 'A payment that has ended, and is compared with the gateway',
      fixture: 'completed',
      path: { paymentId },
      response: { status: 202, headers: { 'Retry-After': '1' }, body: known },
    },
    missing: {
      summary: 'A payment that never was',
      fixture: 'shop',
      path: { paymentId },
      response: rejectionExample(`/operator/payments/${paymentId}/inquire`, {
        code: 'payment-not-found',
        detail: `There is no payment "${paymentId}".`,
      }),
    },
  },
};
