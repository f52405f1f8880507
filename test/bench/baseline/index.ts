import { acceptBody } from '../../../functions/accept-payment/request.ts';
import { requireEnv } from '../../../shared/config/env.ts';
import { systemClock as clock } from '../../../shared/config/system-clock.ts';
import { timingsFromEnv } from '../../../shared/config/timings-from-env.ts';
import { simulatorGateway } from '../../../shared/gateway/simulator/adapter.ts';
import { oncePerKey } from '../../../shared/http/idempotent-route.ts';
import { deliveryDeadlineMs, postWithin } from '../../../shared/lambda/http-delivery.ts';
import { balancesIn } from '../../../shared/persistence/balance-repository.ts';
import { couponsIn } from '../../../shared/persistence/coupon-repository.ts';
import { ordersIn } from '../../../shared/persistence/order-repository.ts';
import { paymentsIn } from '../../../shared/persistence/payment-repository.ts';
import { productsIn } from '../../../shared/persistence/product-repository.ts';
import { rankingsIn } from '../../../shared/persistence/ranking-repository.ts';
import { storesFromEnv } from '../../../shared/persistence/stores-from-env.ts';
import { slots } from '../semaphore.ts';
import { checkouts, type Form } from './checkouts.ts';
import { outcomeOf, toFinalResponse } from './response.ts';

const env = requireEnv('FORM', 'CONNECTIONS', 'PG_URL', 'DATA_PLATFORM_URL', 'NOTIFICATIONS_URL');

const pay = checkouts({
  ...storesFromEnv({
    orders: ordersIn,
    payments: paymentsIn,
    balances: balancesIn,
    products: productsIn,
    coupons: couponsIn,
    rankings: rankingsIn,
  }),
  gateway: simulatorGateway({ url: env.PG_URL, timeoutMs: timingsFromEnv().pgTimeoutMs }),
  post: postWithin(deliveryDeadlineMs),
  dataPlatformUrl: env.DATA_PLATFORM_URL,
  notificationsUrl: env.NOTIFICATIONS_URL,
  connections: slots(Number(env.CONNECTIONS)),
  clock,
})[env.FORM as Form];

/** The handler that the server of the baseline answers with: the same boundary and the same contract for keys as accept-payment has. */
export const handler = oncePerKey(
  { name: env.FORM, schema: acceptBody },
  async (request) => outcomeOf(await pay(request)),
  toFinalResponse,
);
