import type { Context } from 'aws-lambda';
import { cancelPayment } from '../../../functions/cancel-payment/handler.ts';
import { nextStep } from '../../../functions/execute-refund/attempt-refund.ts';
import { executeRefund } from '../../../functions/execute-refund/handler.ts';
import { refundCancelled } from '../../../functions/refund-cancelled-payment/handler.ts';
import { requestRefund } from '../../../functions/request-refund/handler.ts';
import { requestRefundIn } from '../../../shared/application/refunds/request-refund.ts';
import { failRefundIn, settleRefundIn } from '../../../shared/application/refunds/settle-refund.ts';
import type { Clock } from '../../../shared/domain/clock.ts';
import type { DomainEvent } from '../../../shared/domain/events/domain-event.ts';
import { timings } from '../../../shared/domain/timings.ts';
import type { PaymentGateway } from '../../../shared/gateway/payment-gateway.ts';
import { Postponed } from '../../../shared/lambda/sqs-handler.ts';
import type { Balances } from '../../../shared/persistence/balance-repository.ts';
import type { Orders } from '../../../shared/persistence/order-repository.ts';
import type { Payments } from '../../../shared/persistence/payment-repository.ts';
import type { Products } from '../../../shared/persistence/product-repository.ts';
import { refundsIn } from '../../../shared/persistence/refund-repository.ts';
import type { MemoryDynamo } from '../fakes/memory-dynamo.ts';

interface World {
  readonly tables: MemoryDynamo;
  readonly stores: {
    readonly orders: Orders;
    readonly payments: Payments;
    readonly balances: Balances;
    readonly products: Products;
  };
  readonly gateway: PaymentGateway;
  readonly clock: Clock;
}

/** The real handlers of cancels and refunds beside those of a checkout, without queues between them. */
export const aRefundDesk = ({ tables, gateway, clock, ...world }: World) => {
  const db = tables.client;
  const stores = { db, ...world.stores, refunds: refundsIn(db, 'Refunds') };
  const request = requestRefundIn(stores);
  const settle = settleRefundIn(stores);
  const fail = failRefundIn(stores);

  /** A message that waits comes as soon as its time has come: then it is so much later. */
  const execute = async (refundId: string) => {
    let waited = 0;
    const late = { now: () => new Date(clock.now().getTime() + waited) };
    const step = nextStep({
      ...stores,
      settle,
      fail,
      gateway,
      clock: late,
      timings: timings.local,
    });
    const deliver = executeRefund({
      ...stores,
      step: async (refund) => ({ value: await step(refund), replayed: false }),
      clock: late,
    });
    for (;;) {
      try {
        return await deliver({ subject: refundId }, {} as Context);
      } catch (error) {
        if (!(error instanceof Postponed)) throw error;
        waited += error.afterMs;
      }
    }
  };

  return {
    cancel: cancelPayment({ ...stores, clock }),
    requestRefund: requestRefund({ request, clock }),
    refundCancelled: (event: DomainEvent) =>
      refundCancelled({ request, clock })(event as DomainEvent<'PaymentCompleted'>),
    execute,
  };
};
