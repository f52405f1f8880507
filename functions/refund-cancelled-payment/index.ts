import { wiringFromEnv } from '../../shared/application/events/event-consumer.ts';
import { requestRefundIn } from '../../shared/application/refunds/request-refund.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { subscriptions } from '../../shared/domain/events/domain-event.ts';
import { queueHandler } from '../../shared/lambda/sqs-handler.ts';
import { ordersIn } from '../../shared/persistence/order-repository.ts';
import { paymentsIn } from '../../shared/persistence/payment-repository.ts';
import { refundsIn } from '../../shared/persistence/refund-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
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
