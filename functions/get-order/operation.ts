import * as z from 'zod';
import { orderStatuses } from '../../shared/domain/order.ts';
import { alice, refusedAt } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { currency, id, minorUnits, moment, version } from '../../shared/http/schemas/fields.ts';
import { orderLines } from '../../shared/http/schemas/order.ts';

const order = z
  .strictObject({
    orderId: id,
    status: z.enum(orderStatuses),
    lines: orderLines,
    couponId: id.optional(),
    subtotal: minorUnits,
    discount: minorUnits,
    total: minorUnits.meta({ description: '`subtotal` less `discount`, in minor units.' }),
    currency,
    activePaymentId: id
      .optional()
      .meta({ description: 'The one payment that holds the order or has paid it.' }),
    version,
    createdAt: moment,
    updatedAt: moment,
  })
  .meta({ id: 'Order' });

export type OrderBody = z.infer<typeof order>;

const placed = {
  orderId: alice.orderId,
  status: 'PENDING_PAYMENT',
  lines: [{ sku: alice.sku, quantity: 2, unitPrice: 3_500 }],
  couponId: alice.couponId,
  subtotal: 7_000,
  discount: 2_000,
  total: 5_000,
  currency: 'KRW',
  version: 1,
  createdAt: '2026-11-23T09:00:00.000Z',
  updatedAt: '2026-11-23T09:00:00.000Z',
} satisfies OrderBody;

export const operation: Operation = {
  tag: 'Orders',
  summary: 'Look at an order',
  description: "The buyer's own. Another's is a 404 that looks like a missing one.",
  headers: ['If-None-Match'],
  answers: {
    200: { description: 'The order.', schema: order, headers: ['ETag'] },
    304: { description: 'It has not changed.', headers: ['ETag'] },
  },
  refusals: ['order-not-found'],
  examples: {
    placed: {
      summary: 'An order that is not paid yet',
      given: 'order',
      path: { orderId: alice.orderId },
      answer: { status: 200, headers: { ETag: '"1"' }, body: placed },
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
