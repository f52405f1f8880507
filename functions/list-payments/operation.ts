import type * as z from 'zod';
import { rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { pageOf } from '../../shared/http/schemas/fields.ts';
import { paymentSchema } from '../../shared/http/schemas/payment.ts';
import { completedPaymentExample } from '../../shared/http/schemas/payment-example.ts';
import { listPaymentsQuery } from './request.ts';

const page = pageOf(paymentSchema).meta({ id: 'PaymentPage', description: 'A page of payments.' });

export type PaymentPageBody = z.infer<typeof page>;

const onePayment = { items: [completedPaymentExample] } satisfies PaymentPageBody;

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
