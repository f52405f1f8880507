import type { Order } from '../domain/orders/order.ts';
import type { OrderBody } from './schemas/order.ts';

/** An order as its buyer sees it. */
export const orderBody = (order: Order): OrderBody => ({
  orderId: order.orderId,
  status: order.status,
  lines: order.lines,
  couponId: order.couponId,
  subtotal: order.subtotal,
  discount: order.discount,
  total: order.total,
  currency: order.currency,
  contentHash: order.contentHash,
  activePaymentId: order.activePaymentId,
  expiresAt: order.expiresAt,
  cancelReason: order.cancelReason,
  version: order.version,
  createdAt: order.createdAt,
  updatedAt: order.updatedAt,
});
