import * as z from 'zod';
import type { RefundSelection } from '../../shared/domain/refunds/open-refund.ts';
import type { KeyedRequestOf } from '../../shared/http/idempotent-route.ts';

const line = z.strictObject({
  sku: z.string().min(1).max(64).meta({ description: 'SKU of the product.' }),
  quantity: z.int().min(1).max(1_000).meta({ description: 'Number of units, 1 to 1000.' }),
  restock: z.boolean().meta({ description: 'Whether the units go back to the stock.' }),
});

/** POST /payments/{paymentId}/refunds. A line costs its price in the order less its share of the discount. */
export const refundPaymentSchema = z
  .strictObject({
    amount: z
      .int()
      .positive()
      .optional()
      .meta({ description: 'Amount to refund, in minor units of the currency.' }),
    lines: z.array(line).min(1).max(200).optional().meta({ description: 'Order lines to refund.' }),
    reason: z
      .string()
      .trim()
      .min(1)
      .max(500)
      .meta({ description: 'Reason of the buyer, 1 to 500 characters.' }),
  })
  .refine(({ amount, lines }) => (amount === undefined) !== (lines === undefined), {
    error: 'Give either "amount" or "lines".',
  })
  .meta({ oneOf: [{ required: ['amount'] }, { required: ['lines'] }] });

export type RefundPaymentBody = z.infer<typeof refundPaymentSchema>;
export type RefundPaymentRequest = KeyedRequestOf<'paymentId', RefundPaymentBody>;

/** The selection that a valid body states: an amount or lines. */
export const selectionOf = ({ amount = 0, lines }: RefundPaymentBody): RefundSelection =>
  lines === undefined ? { amount } : { lines };
