import { createCancelOrder } from '../../shared/application/orders/cancel-order.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { idempotentRoute } from '../../shared/http/idempotent-route.ts';
import { createCouponRepository } from '../../shared/persistence/coupon-repository.ts';
import { createOrderRepository } from '../../shared/persistence/order-repository.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { cancelOrder, toCancelledOrderResponse } from './handler.ts';

const stores = storesFromEnv({
  orders: createOrderRepository,
  coupons: createCouponRepository,
  payments: createPaymentRepository,
});

export const handler = idempotentRoute(
  { name: 'cancel-order', parameter: 'orderId' },
  cancelOrder({ ...stores, cancel: createCancelOrder(stores), clock }),
  toCancelledOrderResponse,
);
