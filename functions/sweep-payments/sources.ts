import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { cancelOrderIn } from '../../shared/data/cancel-order.ts';
import { couponsIn } from '../../shared/data/coupons.ts';
import { dueIn } from '../../shared/data/due.ts';
import { ordersIn } from '../../shared/data/orders.ts';
import { paymentsIn } from '../../shared/data/payments.ts';
import { refundsIn } from '../../shared/data/refunds.ts';
import { reviewsIn } from '../../shared/data/reviews.ts';
import { reviewUnbuiltIn } from '../../shared/data/unbuilt-events.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import { documents as db } from '../../shared/runtime/aws.ts';
import { publisher } from '../../shared/runtime/bus.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { storesFromEnv, tablesFromEnv } from '../../shared/runtime/stores.ts';
import { mend } from './mend.ts';
import { mendOrder } from './mend-order.ts';
import { mendRefund } from './mend-refund.ts';
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
