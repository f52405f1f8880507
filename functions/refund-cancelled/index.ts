import { ordersIn } from '../../shared/data/orders.ts';
import { paymentsIn } from '../../shared/data/payments.ts';
import { refundsIn } from '../../shared/data/refunds.ts';
import { requestRefundIn } from '../../shared/data/request-refund.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { eventConsumer } from '../../shared/runtime/event-consumer.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { refundCancelled } from './handler.ts';

const stores = storesFromEnv({ orders: ordersIn, payments: paymentsIn, refunds: refundsIn });

export const handler = eventConsumer(
  'refund-cancelled',
  refundCancelled({ request: requestRefundIn(stores), clock }),
);
