import type * as z from 'zod';
import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { paymentLinks } from '../../shared/http/payment-body.ts';
import { pageOf } from '../../shared/http/schemas/fields.ts';
import { paymentSchema } from '../../shared/http/schemas/payment.ts';
import { listPaymentsQuery } from './request.ts';

const page = pageOf(paymentSchema).meta({ id: 'PaymentPage' });

export type PaymentPageBody = z.infer<typeof page>;

const { orderId, paymentId } = alice;

const onePayment = {
  items: [
    {
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
    },
  ],
} satisfies PaymentPageBody;

export const operation: Operation = {
  tag: 'Payments',
  summary: 'List payments',
  description:
    "The buyer's own, the newest first. A filtered page may be short, or empty, and still have a next one: go on while there is a `nextCursor`.",
  query: listPaymentsQuery,
  responses: { 200: { description: 'One page.', schema: page } },
  examples: {
    completed: {
      summary: 'The payments that were charged',
      fixture: 'completed',
      query: { status: 'COMPLETED', limit: 10 },
      response: { status: 200, body: onePayment },
    },
    none: {
      summary: 'No payment yet',
      fixture: 'shop',
      response: { status: 200, body: { items: [] } },
    },
    notUnderstood: {
      summary: 'A cursor of another list',
      fixture: 'shop',
      query: { cursor: 'from-elsewhere' },
      response: rejectionExample('/payments', {
        code: 'invalid-request',
        detail: 'The request has faults.',
        errors: [{ parameter: 'cursor', detail: 'This is no nextCursor of this list.' }],
      }),
    },
  },
};
