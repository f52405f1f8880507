import { createRequestRefund } from '../../shared/application/refunds/request-refund.ts';
import { requireEnv } from '../../shared/config/env.ts';
import type { BasePlatform } from '../../shared/config/platform.ts';
import { idempotentRoute } from '../../shared/http/idempotent-route.ts';
import { toRequestedRefundResponse } from '../../shared/http/requested-refund.ts';
import { idempotencyFromEnv } from '../../shared/lambda/idempotency.ts';
import { createOrderRepository } from '../../shared/persistence/order-repository.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { createRefundRepository } from '../../shared/persistence/refund-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { requestRefund } from './handler.ts';
import { refundPaymentSchema } from './request.ts';

export const compose = (platform: BasePlatform) => {
  const env = requireEnv(platform.environment, 'BUYER_REFUND_MINUTES');
  const windowMs = Number(env.BUYER_REFUND_MINUTES) * 60_000;
  const stores = storesFromEnv(platform, {
    orders: createOrderRepository,
    payments: createPaymentRepository,
    refunds: createRefundRepository,
  });

  return idempotentRoute(
    {
      ...idempotencyFromEnv(platform),
      name: 'request-refund',
      schema: refundPaymentSchema,
      parameter: 'paymentId',
    },
    requestRefund({ request: createRequestRefund(stores), clock: platform.clock, windowMs }),
    toRequestedRefundResponse,
  );
};
