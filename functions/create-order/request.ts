import * as z from 'zod';
import type { KeyedRequest } from '../../shared/http/idempotent-route.ts';

const line = z.strictObject({
  sku: z.string().min(1).max(64).meta({ description: 'SKU of the product in the catalogue.' }),
  quantity: z.int().min(1).max(1_000).meta({ description: 'Number of units, 1 to 1000.' }),
});

/** POST /orders. The request has no prices: they come from the catalogue. */
export const createOrderSchema = z.strictObject({
  lines: z
    .array(line)
    .min(1)
    .max(200)
    .meta({ description: 'The lines of the order. Lines of one SKU are merged.' }),
  couponId: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .meta({ description: 'ID of a coupon of the buyer.' }),
});

export type CreateOrderRequest = KeyedRequest<z.infer<typeof createOrderSchema>>;
