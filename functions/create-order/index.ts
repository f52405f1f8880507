import { couponsIn } from '../../shared/data/coupons.ts';
import { ordersIn } from '../../shared/data/orders.ts';
import { paymentsIn } from '../../shared/data/payments.ts';
import { paymentsOfBuyerIn } from '../../shared/data/payments-of-buyer.ts';
import { placeIn } from '../../shared/data/place-order.ts';
import { productsIn } from '../../shared/data/products.ts';
import { oncePerKey } from '../../shared/http/once-per-key.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
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
