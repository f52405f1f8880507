import type { CancelOrder } from '../../shared/application/orders/cancel-order.ts';
import { explainHeldOrder } from '../../shared/application/orders/held-order.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import type { KeyedRequestOf } from '../../shared/http/idempotent-route.ts';
import { orderBody } from '../../shared/http/order-body.ts';
import type { OrderBody } from '../../shared/http/schemas/order.ts';
import { conflict, retryOnConflict } from '../../shared/persistence/dynamodb/retry-on-conflict.ts';
import {
  notCancellableRejection,
  type OrderRepository,
} from '../../shared/persistence/order-repository.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';

interface Dependencies {
  readonly orders: Pick<OrderRepository, 'getOwned'>;
  readonly payments: Pick<PaymentRepository, 'find'>;
  readonly cancel: CancelOrder;
  readonly clock: Clock;
}

/** Other writers change an order fewer times than this before it is final or a payment holds it. */
const maxAttempts = 5;

/**
 * Cancels the buyer's own order if no payment holds it. Returns an order that is already cancelled unchanged.
 */
export const cancelOrder =
  ({ orders, payments, cancel, clock }: Dependencies) =>
  (request: KeyedRequestOf<'orderId', unknown>): Promise<CancelOrderResult> => {
    const { buyer, orderId, traceparent } = request;
    const tryCancel = async () => {
      const order = await orders.getOwned(buyer, orderId);
      if (order.status === 'CANCELLED') return { order: orderBody(order), replayed: true };
      if (order.status !== 'PENDING_PAYMENT') {
        throw await explainHeldOrder(payments, notCancellableRejection(order));
      }
      const at = clock.now().toISOString();
      const after = await cancel(order, { reason: 'cancelled-by-buyer', at, traceparent });

      return after === undefined ? conflict : { order: orderBody(after), replayed: false };
    };

    return retryOnConflict(`Order ${orderId}`, tryCancel, { maxAttempts });
  };

export interface CancelOrderResult {
  readonly order: OrderBody;
  readonly replayed: boolean;
}

/** 200: the order is cancelled and its coupon is available again. */
export const toCancelledOrderResponse = ({
  order,
}: Omit<CancelOrderResult, 'replayed'>): HttpResponse => ({
  status: 200,
  headers: {
    location: `/orders/${order.orderId}`,
  },
  body: order,
  ids: { orderId: order.orderId },
});
