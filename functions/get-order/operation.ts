import { alice, refusedAt } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { orderSchema, placedOrder } from '../../shared/http/schemas/order.ts';

export const operation: Operation = {
  tag: 'Orders',
  summary: 'Look at an order',
  description: "The buyer's own. Another's is a 404 that looks like a missing one.",
  headers: ['If-None-Match'],
  answers: {
    200: { description: 'The order.', schema: orderSchema, headers: ['ETag'] },
    304: { description: 'It has not changed.', headers: ['ETag'] },
  },
  refusals: ['order-not-found'],
  examples: {
    placed: {
      summary: 'An order that is not paid yet',
      given: 'order',
      path: { orderId: alice.orderId },
      answer: { status: 200, headers: { ETag: '"1"' }, body: placedOrder },
    },
    unchanged: {
      summary: 'An order that was read before',
      given: 'order',
      path: { orderId: alice.orderId },
      headers: { 'If-None-Match': '"1"' },
      answer: { status: 304, headers: { ETag: '"1"' } },
    },
    missing: {
      summary: 'An order that never was, or is not yours',
      given: 'shop',
      path: { orderId: alice.orderId },
      answer: refusedAt(`/orders/${alice.orderId}`, {
        code: 'order-not-found',
        detail: `There is no order "${alice.orderId}" of yours.`,
      }),
    },
  },
};
