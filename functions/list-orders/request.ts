import * as z from 'zod';
import { orderStatuses } from '../../shared/domain/orders/order.ts';
import { pageQuery } from '../../shared/http/page-query.ts';

/** GET /orders. */
export const listQuery = z.strictObject({
  status: z.enum(orderStatuses).optional(),
  ...pageQuery,
});

/** What a cursor stands for. */
export const listPlace = z.strictObject({
  createdAt: z.iso.datetime(),
  orderId: z.string().min(1).max(64),
});
