import type { Context } from 'aws-lambda';
import { cancelPayment } from '../../../functions/cancel-payment/handler.ts';
import { attemptRefund } from '../../../functions/execute-refund/attempt-refund.ts';
import { executeRefund } from '../../../functions/execute-refund/handler.ts';
import { refundCancelledPayment } from '../../../functions/refund-cancelled-payment/handler.ts';
import { requestRefund } from '../../../functions/request-refund/handler.ts';
import { createRequestRefund } from '../../../shared/application/refunds/request-refund.ts';
import {
  createFailRefund,
  createSettleRefund,
} from '../../../shared/application/refunds/settle-refund.ts';
import type { DomainEvent } from '../../../shared/domain/events/domain-event.ts';
import type { Clock } from '../../../shared/domain/time.ts';
import { timings } from '../../../shared/domain/timings.ts';
import type { PaymentGateway } from '../../../shared/gateway/payment-gateway.ts';
import { DeferredError } from '../../../shared/lambda/message-deferral.ts';
import type { BalanceRepository } from '../../../shared/persistence/balance-repository.ts';
import type { OrderRepository } from '../../../shared/persistence/order-repository.ts';
import type { PaymentRepository } from '../../../shared/persistence/payment-repository.ts';
import type { ProductRepository } from '../../../shared/persistence/product-repository.ts';
import { createRefundRepository } from '../../../shared/persistence/refund-repository.ts';
import type { MemoryDynamo } from '../fakes/memory-dynamo.ts';

interface RefundHarnessOptions {
  readonly tables: MemoryDynamo;
  readonly stores: {
    readonly orders: OrderRepository;
    readonly payments: PaymentRepository;
    readonly balances: BalanceRepository;
    readonly products: ProductRepository;
  };
  readonly gateway: PaymentGateway;
  readonly clock: Clock;
}

/** The handlers of cancellations and refunds in addition to a checkout's, without queues. */
export const createRefundHarness = ({
  tables,
  gateway,
  clock,
  ...options
}: RefundHarnessOptions) => {
  const db = tables.client;
  const stores = { db, ...options.stores, refunds: createRefundRepository(db, 'Refunds') };
  const request = createRequestRefund(stores);
  const applySuccess = createSettleRefund(stores);
  const applyFailure = createFailRefund(stores);

  /** A deferred message is delivered at its time: the clock advances to it. */
  const execute = async (refundId: string) => {
    let delayMs = 0;
    const delayedClock = { now: () => new Date(clock.now().getTime() + delayMs) };
    const step = attemptRefund({
      ...stores,
      settle: applySuccess,
      fail: applyFailure,
      gateway,
      clock: delayedClock,
      timings: timings.local,
    });
    const deliver = executeRefund({
      ...stores,
      attempt: async (refund) => ({ value: await step(refund), replayed: false }),
      clock: delayedClock,
    });
    for (;;) {
      try {
        return await deliver({ subject: refundId }, {} as Context);
      } catch (error) {
        if (!(error instanceof DeferredError)) throw error;
        delayMs += error.delayMs;
      }
    }
  };

  return {
    cancel: cancelPayment({ ...stores, inquire: async () => true, clock }),
    requestRefund: requestRefund({ request, clock, windowMs: Number.POSITIVE_INFINITY }),
    refundCancelled: (event: DomainEvent) =>
      refundCancelledPayment({ request, clock })(event as DomainEvent<'PaymentCompleted'>),
    execute,
  };
};
