import * as z from 'zod';
import { orderStatuses } from '../../shared/domain/orders/order.ts';
import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { amountOf, currency, idOf } from '../../shared/http/schemas/fields.ts';
import {
  contentHash,
  expiry,
  orderLines,
  placedOrderExample,
  usedCouponId,
} from '../../shared/http/schemas/order.ts';
import { createOrderSchema } from './request.ts';

const created = z
  .strictObject({
    orderId: idOf('order'),
    status: z.literal(orderStatuses[0]).meta({ description: 'Status of the order.' }),
    lines: orderLines,
    couponId: usedCouponId,
    subtotal: amountOf('Sum of all lines'),
    discount: amountOf('Discount of the coupon'),
    total: amountOf('`subtotal` minus `discount`'),
    currency,
    contentHash,
    expiresAt: expiry,
  })
  .meta({ id: 'CreatedOrder', description: 'The order that was created.' });

export type CreatedOrderBody = z.infer<typeof created>;

const headers = { 'Idempotency-Key': alice.orderKey };
const lines = [{ sku: alice.sku, quantity: 2 }];
const { version, createdAt, updatedAt, ...order } = placedOrderExample;
const createdResponse = {
  status: 201,
  headers: { Location: `orders/${alice.orderId}` },
  body: order satisfies CreatedOrderBody,
};

export const operation: Operation = {
  tag: 'Orders',
  summary: 'Create an order',
  description:
    'Creates an order at the prices of the catalogue; lines of one SKU are merged. A coupon stays with the order until the order is cancelled. The order can be paid until `expiresAt`, at most until its coupon expires.',
  headers: ['Idempotency-Key'],
  body: createOrderSchema,
  responses: {
    201: {
      description: 'The order is created.',
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
    created: {
      summary: 'Two packets of tea with a coupon',
      fixture: 'shop',
      headers,
      body: { lines, couponId: alice.couponId },
      response: createdResponse,
    },
    replayed: {
      summary: 'The same request again',
      fixture: 'order',
      headers,
      body: { lines, couponId: alice.couponId },
      response: {
        ...createdResponse,
        headers: { ...createdResponse.headers, 'Idempotency-Replayed': 'true' },
      },
    },
    productNotFound: {
      summary: 'Unknown product',
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
      summary: 'Coupon used by another order',
      fixture: 'order',
      headers: { 'Idempotency-Key': 'another-order' },
      body: { lines, couponId: alice.couponId },
      response: rejectionExample('/orders', {
        code: 'coupon-not-usable',
        detail: `The coupon is used by order "${alice.orderId}", which is not paid: cancel that order, or wait until it expires.`,
      }),
    },
    invalid: {
      summary: 'Invalid request',
      fixture: 'shop',
      headers,
      body: { lines: [{ sku: alice.sku, quantity: 0, unitPrice: 1 }] },
      response: rejectionExample('/orders', {
        code: 'invalid-request',
        detail: 'The request is invalid.',
        errors: [
          { pointer: '/lines/0/quantity', detail: 'Too small: expected number to be >=1' },
          { pointer: '/lines/0/unitPrice', detail: 'Unknown field "unitPrice".' },
        ],
      }),
    },
  },
};
