import type { CancelOrder } from '../../shared/application/orders/cancel-order.ts';
import { explainHeldOrder } from '../../shared/application/orders/held-order.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import { ServiceUnavailableError } from '../../shared/domain/errors.ts';
import type { KeyedRequestOf } from '../../shared/http/idempotent-route.ts';
import { orderBody } from '../../shared/http/order-body.ts';
import {
  notCancellableReason,
  type OrderRepository,
} from '../../shared/persistence/order-repository.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';
import type { CancelOrderResult } from './response.ts';

interface Dependencies {
  readonly orders: Pick<OrderRepository, 'getOwned'>;
  readonly payments: Pick<PaymentRepository, 'find'>;
  readonly cancel: CancelOrder;
  readonly clock: Clock;
}

/** An order changes a few times at most before it has ended or a payment holds it. */
const maxAttempts = 5;

/** Cancels the buyer's own order if no payment holds it. An order that is cancelled already is answered as it is. */
export const cancelOrder =
  ({ orders, payments, cancel, clock }: Dependencies) =>
  async (request: KeyedRequestOf<'orderId', unknown>): Promise<CancelOrderResult> => {
    const { buyer, orderId, traceparent } = request;
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const order = await orders.getOwned(buyer, orderId);
      if (order.status === 'CANCELLED') return { order: orderBody(order), replayed: true };
      if (order.status !== 'PENDING_PAYMENT') {
        throw await explainHeldOrder(payments, notCancellableReason(order));
      }
      const at = clock.now().toISOString();
      const after = await cancel(order, { reason: 'cancelled-by-buyer', at, traceparent });
      if (after !== undefined) return { order: orderBody(after), replayed: false };
    }
    throw new ServiceUnavailableError(`Order ${orderId} changes too often.`);
  };
