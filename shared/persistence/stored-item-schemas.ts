import * as z from 'zod';
import { orderStatuses } from '../domain/orders/order.ts';
import { paymentTransitions } from '../domain/payments/payment-transition-table.ts';
import { refundTransitions } from '../domain/refunds/refund.ts';
import { reviewKinds, reviewStatuses } from '../domain/reviews/review.ts';
import { skipCauses } from '../domain/skipped-booking.ts';

const paymentStatus = z.enum(Object.values(paymentTransitions).map(({ to }) => to));
const refundStatus = z.enum(Object.values(refundTransitions).map(({ to }) => to));
const line = z.object({ sku: z.string(), quantity: z.int() });
const reservedLine = line.extend({
  parts: z.array(line.extend({ restocked: z.int().optional() })).optional(),
});
const timestamp = z.iso.datetime();
const skipped = z
  .array(z.object({ target: z.string(), delta: z.int(), outcome: z.enum(skipCauses) }))
  .optional();

const historyOf = <S extends z.ZodType>(status: S) =>
  z
    .array(
      z.object({
        version: z.int(),
        at: timestamp,
        from: status.optional(),
        to: status,
        by: z.string(),
      }),
    )
    .min(1);

/**
 * The minimum that the items of this service's tables must have, for readers of many items: lists, timelines
 * and the reconciliation. These readers leave out and report an item that does not match. All other fields
 * pass unchecked.
 */
export const storedItemSchemas = {
  payments: z.object({
    paymentId: z.string(),
    userId: z.string(),
    orderId: z.string(),
    status: paymentStatus,
    version: z.int(),
    amount: z.int(),
    gatewayAmount: z.int(),
    currency: z.string(),
    attempt: z.int(),
    refunded: z.int(),
    refundPending: z.int(),
    gatewayRefunded: z.int().optional(),
    gatewayRefundPending: z.int().optional(),
    refundedUnits: z.int().optional(),
    createdAt: timestamp,
    updatedAt: timestamp,
    lateCaptureCheck: z.object({ nextAt: timestamp.optional() }).optional(),
    reservation: z.object({ balance: z.int(), lines: z.array(reservedLine) }).optional(),
    failure: z.object({ code: z.string(), reason: z.string() }).optional(),
    skipped,
    history: historyOf(paymentStatus),
  }),
  compensations: z.object({
    paymentId: z.string(),
    target: z.string(),
    delta: z.int(),
    outcome: z.string(),
    compensatedAt: timestamp,
  }),
  refunds: z.object({
    refundId: z.string(),
    paymentId: z.string(),
    status: refundStatus,
    version: z.int(),
    amount: z.int(),
    gatewayAmount: z.int(),
    currency: z.string(),
    lines: z.array(z.object({ ...line.shape, restock: z.boolean(), amount: z.int() })),
    skipped,
    history: historyOf(refundStatus),
  }),
  orders: z.object({
    orderId: z.string(),
    userId: z.string(),
    status: z.enum(orderStatuses),
    version: z.int(),
    lines: z.array(z.object({ ...line.shape, unitPrice: z.int() })),
    subtotal: z.int(),
    discount: z.int(),
    total: z.int(),
    currency: z.string(),
    couponId: z.string().optional(),
    activePaymentId: z.string().optional(),
    createdAt: timestamp,
    updatedAt: timestamp,
  }),
  reviews: z.object({
    reviewId: z.string(),
    kind: z.enum(reviewKinds),
    paymentId: z.string(),
    status: z.enum(reviewStatuses),
    code: z.string(),
    amountAtRisk: z.int(),
    currency: z.string(),
    openedAt: timestamp,
    audit: z.array(
      z.object({ at: timestamp, by: z.string(), decision: z.string(), reason: z.string() }),
    ),
  }),
} as const;
