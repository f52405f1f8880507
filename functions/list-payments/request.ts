import * as z from 'zod';
import { buyerStatuses } from '../../shared/domain/payment.ts';

const count = z
  .string()
  .regex(/^\d{1,3}$/, 'This is not a number from 1 to 100.')
  .transform(Number)
  .pipe(z.int().min(1).max(100));

/** GET /payments. `cursor` is the `nextCursor` of the page before. */
export const listQuery = z.strictObject({
  orderId: z.string().min(1).max(64).optional(),
  status: z.enum(buyerStatuses).optional(),
  limit: count.default(20),
  cursor: z.string().max(512).optional(),
});

export type ListQuery = z.infer<typeof listQuery>;
