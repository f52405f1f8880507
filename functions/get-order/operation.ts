import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { orderSchema, placedOrderExample } from '../../shared/http/schemas/order.ts';

export const operation: Operation = {
  tag: 'Orders',
  summary: 'Get an order',
  description:
    'Returns an order of the caller. An order of another buyer is reported as not found.',
  headers: ['If-None-Match'],
  responses: {
    200: { description: 'The order.', schema: orderSchema, headers: ['ETag'] },
    304: { description: 'The order has not changed.', headers: ['ETag'] },
  },
  problems: ['order-not-found'],
  examples: {
    unpaid: {
      summary: 'Unpaid order',
      fixture: 'order',
      path: { orderId: alice.orderId },
      response: { status: 200, headers: { ETag: '"1"' }, body: placedOrderExample },
    },
    unchanged: {
      summary: 'Unchanged order',
      fixture: 'order',
      path: { orderId: alice.orderId },
      headers: { 'If-None-Match': '"1"' },
      response: { status: 304, headers: { ETag: '"1"' } },
    },
    notFound: {
      summary: 'Unknown order, or an order of another buyer',
      fixture: 'shop',
      path: { orderId: alice.orderId },
      response: rejectionExample(`/orders/${alice.orderId}`, {
        code: 'order-not-found',
        detail: `You have no order "${alice.orderId}".`,
      }),
    },
  },
};
