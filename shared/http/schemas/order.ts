import * as z from 'zod';
import { cancelReasons, orderStatuses } from '../../domain/orders/order.ts';
import { alice } from '../examples.ts';
import { currency, id, minorUnits, timestamp, version } from './fields.ts';

/** What an order is for: one line a distinct sku. */
export const orderLines = z
  .array(z.strictObject({ sku: z.string(), quantity: z.int().positive(), unitPrice: minorUnits }))
  .readonly()
  .meta({ id: 'OrderLines', description: 'One line a sku.' });

export const expiry = timestamp.meta({
  description:
    'From this instant on the order cannot be paid. If no payment holds it, it is cancelled some minutes later, and its coupon is free again.',
});

/** An order as its buyer sees it. */
export const orderSchema = z
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
    expiresAt: expiry,
    cancelReason: z
      .enum(cancelReasons)
      .optional()
      .meta({ description: 'Why the order is CANCELLED. Absent otherwise.' }),
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Order' });

export type OrderBody = z.infer<typeof orderSchema>;

/** The order of the examples, as it was placed. */
export const placedOrderExample = {
  orderId: alice.orderId,
  status: 'PENDING_PAYMENT',
  lines: [{ sku: alice.sku, quantity: 2, unitPrice: 3_500 }],
  couponId: alice.couponId,
  subtotal: 7_000,
  discount: 2_000,
  total: 5_000,
  currency: 'KRW',
  expiresAt: '2026-11-24T09:00:00.000Z',
  version: 1,
  createdAt: '2026-11-23T09:00:00.000Z',
  updatedAt: '2026-11-23T09:00:00.000Z',
} satisfies OrderBody;
