import * as z from 'zod';
import { orderStatuses } from '../order.ts';
import { refundTransitions } from '../refund.ts';
import { skipCauses } from '../skipped-booking.ts';
import { transitions } from '../transitions.ts';

const paymentStatus = z.enum(Object.values(transitions).map(({ to }) => to));
const line = z.object({ sku: z.string(), quantity: z.int() });
const skipped = z
  .array(z.object({ target: z.string(), delta: z.int(), outcome: z.enum(skipCauses) }))
  .optional();

/** What the proof needs of an item of each table to judge it. All else of the item is left as it is. */
export const ledgerShapes = {
  payments: z.object({
    paymentId: z.string(),
    userId: z.string(),
    orderId: z.string(),
    status: paymentStatus,
    version: z.int(),
    amount: z.int(),
    currency: z.string(),
    attempt: z.int(),
    refunded: z.int(),
    refundPending: z.int(),
    unitsRefunded: z.int().optional(),
    updatedAt: z.string(),
    lateCheck: z.object({ dueAt: z.string().optional() }).optional(),
    reservation: z.object({ balance: z.int(), lines: z.array(line) }).optional(),
    skipped,
    history: z
      .array(z.object({ version: z.int(), from: paymentStatus.optional(), to: paymentStatus }))
      .min(1),
  }),
  compensations: z.object({
    paymentId: z.string(),
    target: z.string(),
    delta: z.int(),
    outcome: z.string(),
  }),
  refunds: z.object({
    refundId: z.string(),
    paymentId: z.string(),
    status: z.enum(Object.values(refundTransitions).map(({ to }) => to)),
    version: z.int(),
    amount: z.int(),
    lines: z.array(z.object({ ...line.shape, restock: z.boolean() })),
    skipped,
  }),
  orders: z.object({
    orderId: z.string(),
    userId: z.string(),
    status: z.enum(orderStatuses),
    version: z.int(),
    total: z.int(),
    discount: z.int(),
    currency: z.string(),
    lines: z.array(line),
    couponId: z.string().optional(),
    activePaymentId: z.string().optional(),
  }),
  balances: z.object({
    userId: z.string(),
    currency: z.string(),
    available: z.number(),
    held: z.number(),
    spent: z.number(),
    deposited: z.number(),
  }),
  products: z.object({
    sku: z.string(),
    available: z.number(),
    reserved: z.number(),
    sold: z.number(),
    received: z.number(),
  }),
  coupons: z.object({
    userId: z.string(),
    couponId: z.string(),
    status: z.string(),
    amountOff: z.number(),
    currency: z.string(),
    orderId: z.string().optional(),
  }),
} as const;
