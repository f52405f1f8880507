import { createRequestRefund } from '../../shared/application/refunds/request-refund.ts';
import type { BasePlatform } from '../../shared/config/platform.ts';
import { idempotentRoute } from '../../shared/http/idempotent-route.ts';
import { operatorOf } from '../../shared/http/request.ts';
import { toRequestedRefundResponse } from '../../shared/http/requested-refund.ts';
import { idempotencyFromEnv } from '../../shared/lambda/idempotency.ts';
import { createAuditLog } from '../../shared/persistence/audit-log.ts';
import { createOrderRepository } from '../../shared/persistence/order-repository.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { createRefundRepository } from '../../shared/persistence/refund-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { requestOperatorRefund } from './handler.ts';
import { operatorRefundSchema } from './request.ts';

export const compose = (platform: BasePlatform) => {
  const stores = storesFromEnv(platform, {
    orders: createOrderRepository,
    payments: createPaymentRepository,
    refunds: createRefundRepository,
    audits: createAuditLog,
  });

  return idempotentRoute(
    {
      ...idempotencyFromEnv(platform),
      name: 'request-operator-refund',
      schema: operatorRefundSchema,
      parameter: 'paymentId',
      authorize: (event) => ({ operator: operatorOf(event) }),
    },
    requestOperatorRefund({
      ...stores,
      request: createRequestRefund(stores),
      clock: platform.clock,
    }),
    toRequestedRefundResponse,
  );
};
