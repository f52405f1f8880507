import * as z from 'zod';
import type { RefundWish } from '../../shared/domain/refunds/open-refund.ts';
import type { KeyedRequestOf } from '../../shared/http/idempotent-route.ts';

const line = z.strictObject({
  sku: z.string().min(1).max(64),
  quantity: z.int().min(1).max(1_000),
  restock: z.boolean().meta({ description: 'Whether the units go back into the stock.' }),
});

/** POST /payments/{paymentId}/refunds. Lines cost what they cost in the order, less their share of its discount. */
export const refundBody = z
  .strictObject({
    amount: z.int().positive().optional().meta({ description: 'In minor units.' }),
    lines: z.array(line).min(1).max(200).optional(),
    reason: z.string().trim().min(1).max(500),
  })
  .refine(({ amount, lines }) => (amount === undefined) !== (lines === undefined), {
    error: 'Give either "amount" or "lines".',
  })
  .meta({ oneOf: [{ required: ['amount'] }, { required: ['lines'] }] });

export type RefundBody = z.infer<typeof refundBody>;
export type RefundRequest = KeyedRequestOf<'paymentId', RefundBody>;

/** What a valid body wishes for. */
export const wishOf = ({ amount = 0, lines }: RefundBody): RefundWish =>
  lines === undefined ? { amount } : { lines };
