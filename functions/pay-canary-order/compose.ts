import { requireEnv } from '../../shared/config/env.ts';
import type { BasePlatform, InvocationPlatform } from '../../shared/config/platform.ts';
import { scheduledRunOf } from '../../shared/lambda/schedule-handler.ts';
import { createHandler } from '../../shared/observability/invocation-scope.ts';
import { logger } from '../../shared/observability/logger.ts';
import { flushMetrics, logOutcome, recordMetric } from '../../shared/observability/metrics.ts';
import { createCallApi } from './api.ts';
import { type CanaryResult, payCanaryOrder } from './handler.ts';
import { createEnsureProduct } from './product.ts';

export const compose = (platform: BasePlatform & InvocationPlatform) => {
  const { environment, db, clock, sleep, randomId, createInvoker } = platform;
  const env = requireEnv(
    environment,
    'PRODUCTS_TABLE',
    'CREATE_ORDER_FUNCTION',
    'ACCEPT_PAYMENT_FUNCTION',
    'GET_PAYMENT_FUNCTION',
  );
  const pay = payCanaryOrder({
    functions: {
      createOrder: env.CREATE_ORDER_FUNCTION,
      acceptPayment: env.ACCEPT_PAYMENT_FUNCTION,
      getPayment: env.GET_PAYMENT_FUNCTION,
    },
    ensureProduct: createEnsureProduct(db, env.PRODUCTS_TABLE),
    call: createCallApi(createInvoker(), randomId),
    sleep,
    clock,
  });

  return createHandler<unknown, CanaryResult>().handler(async (event) => {
    const result = await pay(scheduledRunOf(event, clock)).catch(failedBy);
    recordMetric('CanaryPayments', 1, { outcome: result.outcome });
    if (result.outcome === 'succeeded') recordMetric('CanaryTimeToFinalStatus', result.tookMs, {});
    if (result.outcome === 'failed') logger.error('canary order failed', { ...result });
    else logOutcome('canary order paid', result);
    flushMetrics();

    return result;
  });
};

const failedBy = (error: Error): CanaryResult => ({
  outcome: 'failed',
  reason: `${error.name}: ${error.message}`,
});
