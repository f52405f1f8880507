import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { orderSchema, placedOrderExample } from '../../shared/http/schemas/order.ts';

export const operation: Operation = {
  tag: 'Orders',
  summary: 'Look at an order',
  description: "The buyer's own. Another's is a 404 that looks like a missing one.",
  headers: ['If-None-Match'],
  responses: {
    200: { description: 'The order.', schema: orderSchema, headers: ['ETag'] },
    304: { description: 'It has not changed.', headers: ['ETag'] },
  },
  problems: ['order-not-found'],
  examples: {
    placed: {
      summary: 'An order that is not paid yet',
      fixture: 'order',
      path: { orderId: alice.orderId },
      response: { status: 200, headers: { ETag: '"1"' }, body: placedOrderExample },
    },
    unchanged: {
      summary: 'An order that was read before',
      fixture: 'order',
      path: { orderId: alice.orderId },
      headers: { 'If-None-Match': '"1"' },
      response: { status: 304, headers: { ETag: '"1"' } },
    },
    missing: {
      summary: 'An order that never was, or is not yours',
      fixture: 'shop',
      path: { orderId: alice.orderId },
      response: rejectionExample(`/orders/${alice.orderId}`, {
        code: 'order-not-found',
        detail: `You have no order "${alice.orderId}".`,
      }),
    },
  },
};
