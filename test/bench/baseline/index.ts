import { createAcceptPaymentSchema } from '../../../functions/accept-payment/request.ts';
import { requireEnv } from '../../../shared/config/env.ts';
import { lambdaPlatform } from '../../../shared/config/lambda-platform.ts';
import { systemTimers } from '../../../shared/config/system-clock.ts';
import { timingsFromEnv } from '../../../shared/config/timings-from-env.ts';
import { sendHttp } from '../../../shared/gateway/http-exchange.ts';
import { createSimulatorGateway } from '../../../shared/gateway/simulator/adapter.ts';
import { tokenFormats } from '../../../shared/gateway/token-format.ts';
import { idempotentRoute } from '../../../shared/http/idempotent-route.ts';
import { deliveryDeadlineMs, postWithDeadline } from '../../../shared/lambda/http-delivery.ts';
import { idempotencyFromEnv } from '../../../shared/lambda/idempotency.ts';
import { createBalanceRepository } from '../../../shared/persistence/balance-repository.ts';
import { createCouponRepository } from '../../../shared/persistence/coupon-repository.ts';
import { createOrderRepository } from '../../../shared/persistence/order-repository.ts';
import { createPaymentRepository } from '../../../shared/persistence/payment-repository.ts';
import { createProductRepository } from '../../../shared/persistence/product-repository.ts';
import { createRankingRepository } from '../../../shared/persistence/ranking-repository.ts';
import { storesFromEnv } from '../../../shared/persistence/stores-from-env.ts';
import { createSemaphore } from '../semaphore.ts';
import { createCheckouts, type Form } from './checkouts.ts';
import { outcomeOf, toFinalResponse } from './response.ts';

const { environment, clock } = lambdaPlatform;
const env = requireEnv(
  environment,
  'FORM',
  'CONNECTIONS',
  'PG_URL',
  'DATA_PLATFORM_URL',
  'NOTIFICATIONS_URL',
);

const pay = createCheckouts({
  ...storesFromEnv(lambdaPlatform, {
    orders: createOrderRepository,
    payments: createPaymentRepository,
    balances: createBalanceRepository,
    products: createProductRepository,
    coupons: createCouponRepository,
    rankings: createRankingRepository,
  }),
  gateway: createSimulatorGateway({
    url: env.PG_URL,
    timeoutMs: timingsFromEnv(environment).pgTimeoutMs,
    timers: systemTimers,
    exchange: sendHttp,
  }),
  post: postWithDeadline(deliveryDeadlineMs, systemTimers),
  dataPlatformUrl: env.DATA_PLATFORM_URL,
  notificationsUrl: env.NOTIFICATIONS_URL,
  connections: createSemaphore(Number(env.CONNECTIONS)),
  clock,
})[env.FORM as Form];

/** The handler of the baseline server, with the HTTP handler and idempotency contract of accept-payment. */
export const handler = idempotentRoute(
  {
    ...idempotencyFromEnv(lambdaPlatform),
    name: env.FORM,
    schema: createAcceptPaymentSchema(tokenFormats.simulator),
  },
  async (request: Parameters<typeof pay>[0]) => ({
    ...outcomeOf(await pay(request)),
    replayed: false,
  }),
  toFinalResponse,
);
