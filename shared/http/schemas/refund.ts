import * as z from 'zod';
import { refundTransitions } from '../../domain/refunds/refund.ts';
import { currency, id, minorUnits, timestamp, version } from './fields.ts';

export const refundStatus = z
  .enum([...new Set(Object.values(refundTransitions).map(({ to }) => to))])
  .meta({
    id: 'RefundStatus',
    description:
      'REQUESTED: to be paid back, or whether it was is being found out. SUCCEEDED: it is paid back. FAILED: it will not be, and may be asked for again. UNDER_REVIEW: a person decides.',
  });

/** What a buyer sees of a refund. */
export const refundSchema = z
  .strictObject({
    refundId: id,
    paymentId: id,
    orderId: id,
    status: refundStatus,
    amount: minorUnits,
    currency,
    lines: z
      .array(
        z.strictObject({
          sku: z.string(),
          quantity: z.int().positive(),
          restock: z.boolean(),
          restocked: z.literal(false).optional().meta({
            description:
              'Present where the units came back and the catalogue has nothing to count them in.',
          }),
          amount: minorUnits,
        }),
      )
      .readonly()
      .meta({ description: 'Empty where an amount alone was asked for.' }),
    reason: z.string(),
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
    failure: z
      .strictObject({ code: z.string(), reason: z.string() })
      .optional()
      .meta({ description: 'Why it failed, or what is under review.' }),
    links: z
      .strictObject({ self: z.string(), payment: z.string() })
      .meta({ id: 'RefundLinks', description: 'Paths of this API.' }),
  })
  .meta({ id: 'Refund' });

export type RefundBody = z.infer<typeof refundSchema>;
