import * as z from 'zod';
import { orderStatuses } from '../../shared/domain/orders/order.ts';
import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { currency, id, minorUnits } from '../../shared/http/schemas/fields.ts';
import { expiry, orderLines, placedOrderExample } from '../../shared/http/schemas/order.ts';
import { createOrderSchema } from './request.ts';

const created = z
  .strictObject({
    orderId: id,
    status: z.literal(orderStatuses[0]),
    lines: orderLines,
    subtotal: minorUnits,
    discount: minorUnits,
    total: minorUnits,
    currency,
    expiresAt: expiry,
  })
  .meta({ id: 'CreatedOrder' });

export type CreatedOrderBody = z.infer<typeof created>;

const headers = { 'Idempotency-Key': alice.orderKey };
const lines = [{ sku: alice.sku, quantity: 2 }];
const order = {
  orderId: alice.orderId,
  status: 'PENDING_PAYMENT',
  lines: [{ sku: alice.sku, quantity: 2, unitPrice: 3_500 }],
  subtotal: 7_000,
  discount: 2_000,
  total: 5_000,
  currency: 'KRW',
  expiresAt: placedOrderExample.expiresAt,
} satisfies CreatedOrderBody;
const answer = { status: 201, headers: { Location: `orders/${alice.orderId}` }, body: order };

export const operation: Operation = {
  tag: 'Orders',
  summary: 'Place an order',
  description:
    'The catalogue has the prices. Lines of one sku become one line. A coupon is used by the order that it is given to, and comes back if the order is cancelled. The order can be paid until `expiresAt`, which is never later than the end of its coupon.',
  headers: ['Idempotency-Key'],
  body: createOrderSchema,
  responses: {
    201: {
      description: 'The order is placed.',
      schema: created,
      headers: ['Location', 'Idempotency-Replayed'],
    },
  },
  problems: [
    'being-released',
    'coupon-not-usable',
    'product-not-found',
    'product-not-sellable',
    'too-many-lines',
  ],
  examples: {
    placed: {
      summary: 'Two packets of tea, with a coupon',
      fixture: 'shop',
      headers,
      body: { lines, couponId: alice.couponId },
      response: answer,
    },
    placedBefore: {
      summary: 'The same request again',
      fixture: 'order',
      headers,
      body: { lines, couponId: alice.couponId },
      response: { ...answer, headers: { ...answer.headers, 'Idempotency-Replayed': 'true' } },
    },
    noSuchProduct: {
      summary: 'A product that is not in the catalogue',
      fixture: 'shop',
      headers,
      body: { lines: [{ sku: 'cocoa', quantity: 1 }] },
      response: rejectionExample('/orders', {
        code: 'product-not-found',
        detail: 'The catalogue has no such product.',
        errors: [{ sku: 'cocoa', detail: 'There is no product "cocoa".' }],
      }),
    },
    couponUsed: {
      summary: 'A coupon that another order has used',
      fixture: 'order',
      headers: { 'Idempotency-Key': 'another-order' },
      body: { lines, couponId: alice.couponId },
      response: rejectionExample('/orders', {
        code: 'coupon-not-usable',
        detail: `The coupon is used by order "${alice.orderId}", which is not paid: cancel that order, or wait until it expires.`,
      }),
    },
    notUnderstood: {
      summary: 'A price, which no client says',
      fixture: 'shop',
      headers,
      body: { lines: [{ sku: alice.sku, quantity: 0, unitPrice: 1 }] },
      response: rejectionExample('/orders', {
        code: 'invalid-request',
        detail: 'The request has faults.',
        errors: [
          { pointer: '/lines/0/quantity', detail: 'Too small: expected number to be >=1' },
          { pointer: '/lines/0/unitPrice', detail: '"unitPrice" is not known here.' },
        ],
      }),
    },
  },
};
