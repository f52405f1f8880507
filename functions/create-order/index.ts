import { placeIn } from '../../shared/application/orders/place-order.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { oncePerKey } from '../../shared/http/idempotent-route.ts';
import { couponsIn } from '../../shared/persistence/coupon-repository.ts';
import { ordersIn } from '../../shared/persistence/order-repository.ts';
import { paymentsOfBuyerIn } from '../../shared/persistence/payment-list-repository.ts';
import { paymentsIn } from '../../shared/persistence/payment-repository.ts';
import { productsIn } from '../../shared/persistence/product-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { createOrder } from './handler.ts';
import { orderBody } from './request.ts';
import { toCreatedResponse } from './response.ts';

const stores = storesFromEnv({
  orders: ordersIn,
  products: productsIn,
  coupons: couponsIn,
  payments: paymentsIn,
});
const { payments: buyersPayments } = storesFromEnv({ payments: paymentsOfBuyerIn });
const lifetimeMs = Number(requireEnv('ORDER_LIFETIME_MINUTES').ORDER_LIFETIME_MINUTES) * 60_000;
const work = createOrder({ place: placeIn({ ...stores, buyersPayments }, lifetimeMs), clock });

export const handler = oncePerKey(
  { name: 'create-order', schema: orderBody },
  work,
  toCreatedResponse,
);
