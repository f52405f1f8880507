import { consumerConfigFromEnv } from '../../shared/application/events/event-consumer.ts';
import { createRequestRefund } from '../../shared/application/refunds/request-refund.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { subscriptions } from '../../shared/domain/events/domain-event.ts';
import { sqsHandler } from '../../shared/lambda/sqs-handler.ts';
import { createOrderRepository } from '../../shared/persistence/order-repository.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { createRefundRepository } from '../../shared/persistence/refund-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { refundCancelledPayment } from './handler.ts';

const name = 'refund-cancelled-payment';
const { queue } = consumerConfigFromEnv(name);
const stores = storesFromEnv({
  orders: createOrderRepository,
  payments: createPaymentRepository,
  refunds: createRefundRepository,
});

// Without a record of answers: the refund is its own, and "nothing is left" is true only until a refund of the buyer is refused.
export const handler = sqsHandler(
  subscriptions[name],
  queue,
  refundCancelledPayment({ request: createRequestRefund(stores), clock }),
);
