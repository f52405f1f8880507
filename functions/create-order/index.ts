import { couponsIn } from '../../shared/data/coupons.ts';
import { ordersIn } from '../../shared/data/orders.ts';
import { placeIn } from '../../shared/data/place-order.ts';
import { productsIn } from '../../shared/data/products.ts';
import { oncePerKey } from '../../shared/http/once-per-key.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { createOrder } from './handler.ts';
import { orderBody } from './request.ts';
import { toCreatedResponse } from './response.ts';

const stores = storesFromEnv({ orders: ordersIn, products: productsIn, coupons: couponsIn });
const work = createOrder({ place: placeIn(stores), clock });

export const handler = oncePerKey(
  { name: 'create-order', schema: orderBody },
  work,
  toCreatedResponse,
);
