import { acceptBody } from '../../../functions/accept-payment/request.ts';
import { balancesIn } from '../../../shared/data/balances.ts';
import { couponsIn } from '../../../shared/data/coupons.ts';
import { ordersIn } from '../../../shared/data/orders.ts';
import { paymentsIn } from '../../../shared/data/payments.ts';
import { productsIn } from '../../../shared/data/products.ts';
import { rankingsIn } from '../../../shared/data/rankings.ts';
import { oncePerKey } from '../../../shared/http/once-per-key.ts';
import { simulatorGateway } from '../../../shared/pg/simulator-adapter.ts';
import { systemClock as clock } from '../../../shared/runtime/clock.ts';
import { requireEnv } from '../../../shared/runtime/env.ts';
import { deliveryDeadlineMs, postWithin } from '../../../shared/runtime/outbound.ts';
import { storesFromEnv } from '../../../shared/runtime/stores.ts';
import { timingsFromEnv } from '../../../shared/runtime/timings.ts';
import { outcomeOf, toFinalResponse } from './answer.ts';
import { checkouts, type Form } from './checkouts.ts';
import { slots } from './slots.ts';

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
