import * as z from 'zod';
import { maxStockShards } from '../domain/orders/stock-shards.ts';
import type { ReconciledTable } from '../domain/reconciliation/unreadable-items.ts';
import { storedItemSchemas } from './stored-item-schemas.ts';

const { payments, compensations, refunds, orders } = storedItemSchemas;

/** DynamoDB would delete the item: only the canary's items expire, and they are not compared. */
const expiration = z.undefined({ error: 'only items of the canary may expire' }).optional();

/**
 * The fields that the reconciliation needs of each table. Counters of other services may be any number here,
 * because the reconciliation itself compares them.
 */
export const reconciliationSchemas = {
  payments: payments.extend({ expiration }),
  compensations: compensations.omit({ compensatedAt: true }),
  refunds: refunds.omit({ currency: true, history: true }),
  orders: orders.omit({ subtotal: true, createdAt: true, updatedAt: true }).extend({ expiration }),
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
    shardOf: z.string().optional(),
    stockShardsCreated: z.int().min(1).max(maxStockShards).optional(),
  }),
  coupons: z.object({
    userId: z.string(),
    couponId: z.string(),
    status: z.string(),
    amountOff: z.number(),
    currency: z.string(),
    orderId: z.string().optional(),
  }),
} as const satisfies Record<ReconciledTable, z.ZodType>;
