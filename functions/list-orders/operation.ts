import type * as z from 'zod';
import { rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { pageOf } from '../../shared/http/schemas/fields.ts';
import { orderSchema, placedOrderExample } from '../../shared/http/schemas/order.ts';
import { listOrdersQuery } from './request.ts';

const page = pageOf(orderSchema).meta({ id: 'OrderPage' });

export type OrderPageBody = z.infer<typeof page>;

export const operation: Operation = {
  tag: 'Orders',
  summary: 'List orders',
  description:
    "The buyer's own, the newest first. A filtered page may be short, or empty, and still have a next one: go on while there is a `nextCursor`.",
  query: listOrdersQuery,
  responses: { 200: { description: 'One page.', schema: page } },
  examples: {
    unpaid: {
      summary: 'The orders that are not paid yet',
      fixture: 'order',
      query: { status: 'PENDING_PAYMENT', limit: 10 },
      response: { status: 200, body: { items: [placedOrderExample] } satisfies OrderPageBody },
    },
    none: {
      summary: 'No order yet',
      fixture: 'shop',
      response: { status: 200, body: { items: [] } },
    },
    notUnderstood: {
      summary: 'A cursor of another list',
      fixture: 'shop',
      query: { cursor: 'from-elsewhere' },
      response: rejectionExample('/orders', {
        code: 'invalid-request',
        detail: 'The request has faults.',
        errors: [{ parameter: 'cursor', detail: 'This is no nextCursor of this list.' }],
      }),
    },
  },
};
