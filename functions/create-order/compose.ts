import { createPlaceOrder } from '../../shared/application/orders/place-order.ts';
import { requireEnv } from '../../shared/config/env.ts';
import type { BasePlatform } from '../../shared/config/platform.ts';
import { idempotentRoute } from '../../shared/http/idempotent-route.ts';
import { idempotencyFromEnv } from '../../shared/lambda/idempotency.ts';
import { createCouponRepository } from '../../shared/persistence/coupon-repository.ts';
import { createOrderRepository } from '../../shared/persistence/order-repository.ts';
import { createPaymentListRepository } from '../../shared/persistence/payment-list-repository.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { createProductRepository } from '../../shared/persistence/product-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { createOrder, toCreatedOrderResponse } from './handler.ts';
import { createOrderSchema } from './request.ts';

export const compose = (platform: BasePlatform) => {
  const stores = storesFromEnv(platform, {
    orders: createOrderRepository,
    products: createProductRepository,
    coupons: createCouponRepository,
    payments: createPaymentRepository,
  });
  const lists = storesFromEnv(platform, { payments: createPaymentListRepository });
  const env = requireEnv(platform.environment, 'ORDER_LIFETIME_MINUTES');
  const lifetimeMs = Number(env.ORDER_LIFETIME_MINUTES) * 60_000;
  const place = createPlaceOrder({ ...stores, buyersPayments: lists.payments }, lifetimeMs);

  return idempotentRoute(
    { ...idempotencyFromEnv(platform), name: 'create-order', schema: createOrderSchema },
    createOrder({ place, clock: platform.clock }),
    toCreatedOrderResponse,
  );
};
