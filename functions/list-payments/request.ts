import * as z from 'zod';
import { buyerStatuses } from '../../shared/domain/payments/buyer-status.ts';
import { pageQuery } from '../../shared/http/pagination.ts';

/** GET /payments. */
export const listPaymentsQuery = z.strictObject({
  orderId: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .meta({ description: 'Only payments of this order.' }),
  status: z.enum(buyerStatuses).optional().meta({ description: 'Only payments with this status.' }),
  ...pageQuery,
});

export type ListPaymentsQuery = z.infer<typeof listPaymentsQuery>;

/** The position that a cursor encodes. */
export const paymentCursorSchema = z.strictObject({
  createdAt: z.iso.datetime(),
  paymentId: z.string().min(1).max(64),
});
