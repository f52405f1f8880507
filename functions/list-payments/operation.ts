import type * as z from 'zod';
import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { paymentLinks } from '../../shared/http/payment-body.ts';
import { pageOf } from '../../shared/http/schemas/fields.ts';
import { paymentSchema } from '../../shared/http/schemas/payment.ts';
import { listPaymentsQuery } from './request.ts';

const page = pageOf(paymentSchema).meta({ id: 'PaymentPage', description: 'A page of payments.' });

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
    'Returns the payments of the caller, newest first. A filtered page can be empty and still have a `nextCursor`.',
  query: listPaymentsQuery,
  responses: { 200: { description: 'A page of payments.', schema: page } },
  examples: {
    completed: {
      summary: 'Completed payments',
      fixture: 'completed',
      query: { status: 'COMPLETED', limit: 10 },
      response: { status: 200, body: onePayment },
    },
    none: {
      summary: 'No payments',
      fixture: 'shop',
      response: { status: 200, body: { items: [] } },
    },
    invalid: {
      summary: 'Cursor of another list',
      fixture: 'shop',
      query: { cursor: 'from-elsewhere' },
      response: rejectionExample('/payments', {
        code: 'invalid-request',
        detail: 'The request is invalid.',
        errors: [{ parameter: 'cursor', detail: 'This is not a cursor of this list.' }],
      }),
    },
  },
};
