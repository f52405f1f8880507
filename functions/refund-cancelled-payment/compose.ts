import {
  consumerConfigFromEnv,
  eventConsumer,
} from '../../shared/application/events/event-consumer.ts';
import { createRequestRefund } from '../../shared/application/refunds/request-refund.ts';
import type { BasePlatform, SqsPlatform } from '../../shared/config/platform.ts';
import { createOrderRepository } from '../../shared/persistence/order-repository.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { createRefundRepository } from '../../shared/persistence/refund-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { findRequested, refundCancelledPayment } from './handler.ts';

export const compose = (platform: BasePlatform & SqsPlatform) => {
  const stores = storesFromEnv(platform, {
    orders: createOrderRepository,
    payments: createPaymentRepository,
    refunds: createRefundRepository,
  });

  return eventConsumer(
    consumerConfigFromEnv(platform, 'refund-cancelled-payment'),
    refundCancelledPayment({ request: createRequestRefund(stores), clock: platform.clock }),
    findRequested(stores.refunds),
  );
};
