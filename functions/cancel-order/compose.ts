import { createCancelOrder } from '../../shared/application/orders/cancel-order.ts';
import type { BasePlatform } from '../../shared/config/platform.ts';
import { idempotentRoute } from '../../shared/http/idempotent-route.ts';
import { idempotencyFromEnv } from '../../shared/lambda/idempotency.ts';
import { createCouponRepository } from '../../shared/persistence/coupon-repository.ts';
import { createOrderRepository } from '../../shared/persistence/order-repository.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { cancelOrder, toCancelledOrderResponse } from './handler.ts';

export const compose = (platform: BasePlatform) => {
  const stores = storesFromEnv(platform, {
    orders: createOrderRepository,
    coupons: createCouponRepository,
    payments: createPaymentRepository,
  });
  const cancel = createCancelOrder(stores);

  return idempotentRoute(
    { ...idempotencyFromEnv(platform), name: 'cancel-order', parameter: 'orderId' },
    cancelOrder({ ...stores, cancel, clock: platform.clock }),
    toCancelledOrderResponse,
  );
};
