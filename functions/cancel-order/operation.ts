import type { Rejection } from '../../shared/domain/errors.ts';
import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import {
  type OrderBody,
  orderSchema,
  placedOrderExample,
} from '../../shared/http/schemas/order.ts';

const { orderId, paymentId } = alice;
const path = { orderId };
const headers = { 'Idempotency-Key': 'sample-cancel-order' };
const rejected = (data: Rejection) => rejectionExample(`/orders/${orderId}/cancel`, data);

const cancelled = {
  ...placedOrderExample,
  status: 'CANCELLED',
  cancelReason: 'cancelled-by-buyer',
  version: 2,
  updatedAt: '2026-11-23T09:05:00.000Z',
} satisfies OrderBody;

export const operation: Operation = {
  tag: 'Orders',
  summary: 'Cancel an order',
  description:
    'Cancels an unpaid order and releases its coupon. An order that is already cancelled is returned unchanged. ' +
    'If a payment of the order is in progress, cancel that payment instead: `Location` names it.',
  headers: ['Idempotency-Key'],
  responses: {
    200: {
      description: 'The order is cancelled.',
      schema: orderSchema,
      headers: ['Location', 'Idempotency-Replayed'],
    },
  },
  problems: ['being-released', 'order-not-cancellable', 'order-not-found', 'payment-in-progress'],
  examples: {
    unpaid: {
      summary: 'Unpaid order',
      fixture: 'order',
      path,
      headers,
      response: { status: 200, headers: { Location: `../../orders/${orderId}` }, body: cancelled },
    },
    paymentInProgress: {
      summary: 'A payment of the order is in progress',
      fixture: 'charging',
      path,
      headers,
      response: rejected({
        code: 'payment-in-progress',
        detail: 'A payment of this order is in progress.',
        paymentId,
      }),
    },
    paid: {
      summary: 'Paid order',
      fixture: 'completed',
      path,
      headers,
      response: rejected({
        code: 'order-not-cancellable',
        detail: 'An order in status COMPLETED cannot be cancelled.',
      }),
    },
    notFound: {
      summary: 'Unknown order, or an order of another buyer',
      fixture: 'shop',
      path,
      headers,
      response: rejected({
        code: 'order-not-found',
        detail: `You have no order "${orderId}".`,
      }),
    },
  },
};
