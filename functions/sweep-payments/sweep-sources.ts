import { createReviewUnbuiltEvent } from '../../shared/application/events/review-unbuilt-event.ts';
import { createCancelOrder } from '../../shared/application/orders/cancel-order.ts';
import { requireEnv } from '../../shared/config/env.ts';
import type { BasePlatform, EventBridgePlatform } from '../../shared/config/platform.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import { createEventPublisher } from '../../shared/lambda/event-publisher.ts';
import { createCouponRepository } from '../../shared/persistence/coupon-repository.ts';
import { createDueIndex } from '../../shared/persistence/due-index.ts';
import { createOrderRepository } from '../../shared/persistence/order-repository.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { createRefundRepository } from '../../shared/persistence/refund-repository.ts';
import { createReviewRepository } from '../../shared/persistence/review-repository.ts';
import { storesFromEnv, tablesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { recoverOrder } from './recover-order.ts';
import { recoverPayment } from './recover-payment.ts';
import { recoverRefund } from './recover-refund.ts';
import type { SweepSource } from './sweep-shards.ts';

const factories = {
  payments: createPaymentRepository,
  refunds: createRefundRepository,
  orders: createOrderRepository,
  coupons: createCouponRepository,
  reviews: createReviewRepository,
};

/** Creates the sources of a sweep from the environment: payments, refunds and orders. */
export const sweepSourcesFromEnv = (
  platform: BasePlatform & EventBridgePlatform,
  timings: Timings,
): readonly SweepSource[] => {
  const { environment, db, createEventBridge } = platform;
  const stores = storesFromEnv(platform, factories);
  const tables = tablesFromEnv(environment, ['payments', 'refunds', 'orders']);
  const { EVENT_BUS_NAME } = requireEnv(environment, 'EVENT_BUS_NAME');
  const publish = createEventPublisher(createEventBridge({ maxAttempts: 3 }), EVENT_BUS_NAME);
  const replayDeps = {
    ...stores,
    review: createReviewUnbuiltEvent(stores.reviews),
    publish,
    timings,
  };
  const orderDeps = { orders: stores.orders, cancel: createCancelOrder(stores), timings };

  return [
    {
      index: createDueIndex(db, tables.payments, 'paymentId'),
      recoverAt: (at) => recoverPayment(replayDeps, at),
    },
    {
      index: createDueIndex(db, tables.refunds, 'refundId'),
      recoverAt: (at) => recoverRefund(replayDeps, at),
    },
    {
      index: createDueIndex(db, tables.orders, 'orderId'),
      recoverAt: (at) => recoverOrder(orderDeps, at),
    },
  ];
};
