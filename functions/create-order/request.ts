import * as z from 'zod';
import type { KeyedRequest } from '../../shared/http/idempotent-route.ts';

const line = z.strictObject({
  sku: z.string().min(1).max(64),
  quantity: z.int().min(1).max(1_000),
});

/** POST /orders. The request has no prices: they come from the catalogue. */
export const createOrderSchema = z.strictObject({
  lines: z.array(line).min(1).max(200),
  couponId: z.string().min(1).max(64).optional(),
});

export type CreateOrderRequest = KeyedRequest<z.infer<typeof createOrderSchema>>;
