import { consumerConfigFromEnv } from '../../shared/application/events/event-consumer.ts';
import { createRequestRefund } from '../../shared/application/refunds/request-refund.ts';
import type { BasePlatform, SqsPlatform } from '../../shared/config/platform.ts';
import { subscriptions } from '../../shared/domain/events/domain-event.ts';
import { sqsHandler } from '../../shared/lambda/sqs-handler.ts';
import { createOrderRepository } from '../../shared/persistence/order-repository.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { createRefundRepository } from '../../shared/persistence/refund-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { refundCancelledPayment } from './handler.ts';

const name = 'refund-cancelled-payment';

/**
 * Stores no results: the refund is its own record, and "nothing to refund" holds only until a refund of the
 * buyer is rejected.
 */
export const compose = (platform: BasePlatform & SqsPlatform) => {
  const { queue } = consumerConfigFromEnv(platform, name);
  const stores = storesFromEnv(platform, {
    orders: createOrderRepository,
    payments: createPaymentRepository,
    refunds: createRefundRepository,
  });

  return sqsHandler(
    subscriptions[name],
    queue,
    refundCancelledPayment({ request: createRequestRefund(stores), clock: platform.clock }),
  );
};
