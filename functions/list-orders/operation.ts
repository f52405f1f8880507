import type * as z from 'zod';
import { rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { pageOf } from '../../shared/http/schemas/fields.ts';
import { orderSchema, placedOrderExample } from '../../shared/http/schemas/order.ts';
import { listOrdersQuery } from './request.ts';

const page = pageOf(orderSchema).meta({ id: 'OrderPage', description: 'A page of orders.' });

export type OrderPageBody = z.infer<typeof page>;

export const operation: Operation = {
  tag: 'Orders',
  summary: 'List orders',
  description:
    'Returns the orders of the caller, newest first. A filtered page can be empty and still have a `nextCursor`.',
  query: listOrdersQuery,
  responses: { 200: { description: 'A page of orders.', schema: page } },
  examples: {
    unpaid: {
      summary: 'Unpaid orders',
      fixture: 'order',
      query: { status: 'PENDING_PAYMENT', limit: 10 },
      response: { status: 200, body: { items: [placedOrderExample] } satisfies OrderPageBody },
    },
    none: {
      summary: 'No orders',
      fixture: 'shop',
      response: { status: 200, body: { items: [] } },
    },
    invalid: {
      summary: 'Cursor of another list',
      fixture: 'shop',
      query: { cursor: 'from-elsewhere' },
      response: rejectionExample('/orders', {
        code: 'invalid-request',
        detail: 'The request is invalid.',
        errors: [{ parameter: 'cursor', detail: 'This is not a cursor of this list.' }],
      }),
    },
  },
};
