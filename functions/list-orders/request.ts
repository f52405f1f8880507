import * as z from 'zod';
import { orderStatuses } from '../../shared/domain/orders/order.ts';
import { pageQuery } from '../../shared/http/pagination.ts';

/** GET /orders. */
export const listOrdersQuery = z.strictObject({
  status: z.enum(orderStatuses).optional().meta({ description: 'Only orders with this status.' }),
  ...pageQuery,
});

/** The position that a cursor encodes. */
export const orderCursorSchema = z.strictObject({
  createdAt: z.iso.datetime(),
  orderId: z.string().min(1).max(64),
});
