import { cancelOrderIn } from '../../shared/application/orders/cancel-order.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { oncePerKey } from '../../shared/http/idempotent-route.ts';
import { couponsIn } from '../../shared/persistence/coupon-repository.ts';
import { ordersIn } from '../../shared/persistence/order-repository.ts';
import { paymentsIn } from '../../shared/persistence/payment-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { cancelOrder } from './handler.ts';
import { toCancelledResponse } from './response.ts';

const stores = storesFromEnv({ orders: ordersIn, coupons: couponsIn, payments: paymentsIn });

export const handler = oncePerKey(
  { name: 'cancel-order', parameter: 'orderId' },
  cancelOrder({ ...stores, cancel: cancelOrderIn(stores), clock }),
  toCancelledResponse,
);
