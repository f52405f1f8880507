import type * as z from 'zod';
import { refusedAt } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { pageOf } from '../../shared/http/schemas/fields.ts';
import { orderSchema, placedOrder } from '../../shared/http/schemas/order.ts';
import { listQuery } from './request.ts';

const page = pageOf(orderSchema).meta({ id: 'OrderPage' });

export type PageBody = z.infer<typeof page>;

export const operation: Operation = {
  tag: 'Orders',
  summary: 'List orders',
  description:
    "The buyer's own, the newest first. A filtered page may be short, or empty, and still have a next one: go on while there is a `nextCursor`.",
  query: listQuery,
  answers: { 200: { description: 'One page.', schema: page } },
  examples: {
    unpaid: {
      summary: 'The orders that are not paid yet',
      given: 'order',
      query: { status: 'PENDING_PAYMENT', limit: 10 },
      answer: { status: 200, body: { items: [placedOrder] } satisfies PageBody },
    },
    none: {
      summary: 'No order yet',
      given: 'shop',
      answer: { status: 200, body: { items: [] } },
    },
    notUnderstood: {
      summary: 'A cursor of another list',
      given: 'shop',
      query: { cursor: 'from-elsewhere' },
      answer: refusedAt('/orders', {
        code: 'invalid-request',
        detail: 'The request has faults.',
        errors: [{ parameter: 'cursor', detail: 'This is no nextCursor of this list.' }],
      }),
    },
  },
};
