import * as z from 'zod';
import { contentHashOf } from '../../domain/ids.ts';
import { cancelReasons, type OrderContent, orderStatuses } from '../../domain/orders/order.ts';
import { alice } from '../examples.ts';
import {
  amountOf,
  createdAt,
  currency,
  id,
  idOf,
  quantity,
  sku,
  timestampOf,
  updatedAt,
  version,
} from './fields.ts';

export const orderLines = z
  .array(
    z.strictObject({
      sku,
      quantity,
      unitPrice: amountOf('Price of one unit'),
      stockShards: z.int().optional().meta({
        description: 'Number of parts of the stock of a product that many buy at once.',
      }),
    }),
  )
  .readonly()
  .meta({ id: 'OrderLines', description: 'The lines of the order, one for each SKU.' });

export const expiry = timestampOf(
  'Time from which the order cannot be paid',
  'The service cancels an unpaid order within minutes and releases its coupon.',
);

export const contentHash = z.string().optional().meta({
  description:
    'Hash of what a payment of the order uses: `lines`, `couponId`, `total`, `currency` and `expiresAt`. Absent from orders of an earlier version. Send the order back as `order` of `POST /payments`, so that the payment is accepted faster.',
});

export const usedCouponId = id
  .optional()
  .meta({ description: 'ID of the coupon, if the order used one.' });

/** An order as its buyer sees it. */
export const orderSchema = z
  .strictObject({
    orderId: idOf('order'),
    status: z.enum(orderStatuses).meta({ description: 'Status of the order.' }),
    lines: orderLines,
    couponId: usedCouponId,
    subtotal: amountOf('Sum of all lines'),
    discount: amountOf('Discount of the coupon'),
    total: amountOf('`subtotal` minus `discount`'),
    currency,
    contentHash,
    activePaymentId: id
      .optional()
      .meta({ description: 'ID of the payment that is charging or has paid the order.' }),
    expiresAt: expiry,
    cancelReason: z.enum(cancelReasons).optional().meta({
      description: 'Reason for the cancellation. Present only if `status` is `CANCELLED`.',
    }),
    version,
    createdAt,
    updatedAt,
  })
  .meta({ id: 'Order', description: 'An order of the buyer.' });

export type OrderBody = z.infer<typeof orderSchema>;

const placedContent = {
  lines: [{ sku: alice.sku, quantity: 2, unitPrice: 3_500 }],
  couponId: alice.couponId,
  total: 5_000,
  currency: 'KRW',
  expiresAt: '2026-11-24T09:00:00.000Z',
} satisfies OrderContent;

/** The order of the examples, as created. */
export const placedOrderExample = {
  orderId: alice.orderId,
  status: 'PENDING_PAYMENT',
  ...placedContent,
  subtotal: 7_000,
  discount: 2_000,
  contentHash: contentHashOf(placedContent),
  version: 1,
  createdAt: '2026-11-23T09:00:00.000Z',
  updatedAt: '2026-11-23T09:00:00.000Z',
} satisfies OrderBody;
