import { cancelOrderIn } from '../../shared/data/cancel-order.ts';
import { couponsIn } from '../../shared/data/coupons.ts';
import { ordersIn } from '../../shared/data/orders.ts';
import { paymentsIn } from '../../shared/data/payments.ts';
import { oncePerKey } from '../../shared/http/once-per-key.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { cancelOrder } from './handler.ts';
import { toCancelledResponse } from './response.ts';

const stores = storesFromEnv({ orders: ordersIn, coupons: couponsIn, payments: paymentsIn });

export const handler = oncePerKey(
  { name: 'cancel-order', parameter: 'orderId' },
  cancelOrder({ ...stores, cancel: cancelOrderIn(stores), clock }),
  toCancelledResponse,
);
