import { createPlaceOrder } from '../../shared/application/orders/place-order.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { idempotentRoute } from '../../shared/http/idempotent-route.ts';
import { createCouponRepository } from '../../shared/persistence/coupon-repository.ts';
import { createOrderRepository } from '../../shared/persistence/order-repository.ts';
import { createPaymentListRepository } from '../../shared/persistence/payment-list-repository.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { createProductRepository } from '../../shared/persistence/product-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { createOrder, toCreatedOrderResponse } from './handler.ts';
import { createOrderSchema } from './request.ts';

const stores = storesFromEnv({
  orders: createOrderRepository,
  products: createProductRepository,
  coupons: createCouponRepository,
  payments: createPaymentRepository,
});
const { payments: buyersPayments } = storesFromEnv({ payments: createPaymentListRepository });
const lifetimeMs = Number(requireEnv('ORDER_LIFETIME_MINUTES').ORDER_LIFETIME_MINUTES) * 60_000;
const work = createOrder({
  place: createPlaceOrder({ ...stores, buyersPayments }, lifetimeMs),
  clock,
});

export const handler = idempotentRoute(
  { name: 'create-order', schema: createOrderSchema },
  work,
  toCreatedOrderResponse,
);
