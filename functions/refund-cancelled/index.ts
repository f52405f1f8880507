import { ordersIn } from '../../shared/data/orders.ts';
import { paymentsIn } from '../../shared/data/payments.ts';
import { refundsIn } from '../../shared/data/refunds.ts';
import { requestRefundIn } from '../../shared/data/request-refund.ts';
import { subscriptions } from '../../shared/domain/events.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { wiringFromEnv } from '../../shared/runtime/event-consumer.ts';
import { queueHandler } from '../../shared/runtime/queue-handler.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { refundCancelled } from './handler.ts';

const name = 'refund-cancelled';
const { queue } = wiringFromEnv(name);
const stores = storesFromEnv({ orders: ordersIn, payments: paymentsIn, refunds: refundsIn });

// Without a record of answers: the refund is its own, and "nothing is left" is true only until a refund of the buyer is refused.
export const handler = queueHandler(
  subscriptions[name],
  queue,
  refundCancelled({ request: requestRefundIn(stores), clock }),
);
