import * as z from 'zod';
import { requestHashOf } from '../domain/ids.ts';
import type { RefundCommand } from '../domain/refunds/open-refund.ts';

const line = z.strictObject({
  sku: z.string().min(1).max(64).meta({ description: 'SKU of the product.' }),
  quantity: z.int().min(1).max(1_000).meta({ description: 'Number of units, 1 to 1000.' }),
  restock: z.boolean().meta({ description: 'Whether the units go back to the stock.' }),
});

interface ReasonOptions {
  readonly minLength: number;
  readonly description: string;
}

/** The body of a refund request. A line costs its price in the order less its share of the discount. */
export const refundRequestSchema = ({ minLength, description }: ReasonOptions) =>
  z
    .strictObject({
      amount: z
        .int()
        .positive()
        .optional()
        .meta({ description: 'Amount to refund, in minor units of the currency.' }),
      lines: z
        .array(line)
        .min(1)
        .max(200)
        .optional()
        .meta({ description: 'Order lines to refund.' }),
      balanceFirst: z.boolean().optional().meta({
        description:
          'Refunds to the balance until its part of the payment is used up, then at the gateway. The other way round by default.',
      }),
      reason: z.string().trim().min(minLength).max(500).meta({ description }),
    })
    .refine(({ amount, lines }) => (amount === undefined) !== (lines === undefined), {
      error: 'Give either "amount" or "lines".',
    })
    .meta({ oneOf: [{ required: ['amount'] }, { required: ['lines'] }] });

export type RefundRequestBody = z.infer<ReturnType<typeof refundRequestSchema>>;

/** The part of the command that a valid body states. The same key with another hash is rejected. */
export const refundCommandOf = (
  body: RefundRequestBody,
): Pick<RefundCommand, 'selection' | 'balanceFirst' | 'reason' | 'requestHash'> => {
  const { amount = 0, lines, balanceFirst, reason } = body;
  const selection = lines === undefined ? { amount } : { lines };

  return { selection, balanceFirst, reason, requestHash: requestHashOf(body) };
};
