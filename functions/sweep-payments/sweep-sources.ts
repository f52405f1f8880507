import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { reviewUnbuiltIn } from '../../shared/application/events/review-unbuilt-event.ts';
import { cancelOrderIn } from '../../shared/application/orders/cancel-order.ts';
import { documents as db } from '../../shared/config/aws-clients.ts';
import { requireEnv } from '../../shared/config/env.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import { publisher } from '../../shared/lambda/event-publisher.ts';
import { couponsIn } from '../../shared/persistence/coupon-repository.ts';
import { dueIn } from '../../shared/persistence/due-index.ts';
import { ordersIn } from '../../shared/persistence/order-repository.ts';
import { paymentsIn } from '../../shared/persistence/payment-repository.ts';
import { refundsIn } from '../../shared/persistence/refund-repository.ts';
import { reviewsIn } from '../../shared/persistence/review-repository.ts';
import { storesFromEnv, tablesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { mendOrder } from './recover-order.ts';
import { mend } from './recover-payment.ts';
import { mendRefund } from './recover-refund.ts';
import type { Source } from './sweep-shard.ts';

const makers = {
  payments: paymentsIn,
  refunds: refundsIn,
  orders: ordersIn,
  coupons: couponsIn,
  reviews: reviewsIn,
};

/** The tables that the sweeper looks at, as the environment names them. */
export const sourcesFromEnv = (bus: EventBridgeClient, timings: Timings): readonly Source[] => {
  const stores = storesFromEnv(makers);
  const tables = tablesFromEnv(['payments', 'refunds', 'orders']);
  const publish = publisher(bus, requireEnv('EVENT_BUS_NAME').EVENT_BUS_NAME);
  const told = { ...stores, review: reviewUnbuiltIn(stores.reviews), publish, timings };
  const ended = { orders: stores.orders, cancel: cancelOrderIn(stores), timings };

  return [
    { due: dueIn(db, tables.payments, 'paymentId'), mendAt: (at) => mend(told, at) },
    { due: dueIn(db, tables.refunds, 'refundId'), mendAt: (at) => mendRefund(told, at) },
    { due: dueIn(db, tables.orders, 'orderId'), mendAt: (at) => mendOrder(ended, at) },
  ];
};
