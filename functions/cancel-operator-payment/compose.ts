import { requestInquiryFromEnv } from '../../shared/application/payments/request-inquiry.ts';
import type { BasePlatform, SqsPlatform } from '../../shared/config/platform.ts';
import { idempotentRoute } from '../../shared/http/idempotent-route.ts';
import { operatorOf } from '../../shared/http/request.ts';
import { idempotencyFromEnv } from '../../shared/lambda/idempotency.ts';
import { createAuditLog } from '../../shared/persistence/audit-log.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { cancelOperatorPayment, toCancelledPaymentResponse } from './handler.ts';
import { cancelOperatorPaymentSchema } from './request.ts';

export const compose = (platform: BasePlatform & SqsPlatform) => {
  const stores = storesFromEnv(platform, {
    payments: createPaymentRepository,
    audits: createAuditLog,
  });
  const inquire = requestInquiryFromEnv(platform, 'operator');

  return idempotentRoute(
    {
      ...idempotencyFromEnv(platform),
      name: 'cancel-operator-payment',
      schema: cancelOperatorPaymentSchema,
      parameter: 'paymentId',
      authorize: (event) => ({ operator: operatorOf(event) }),
    },
    cancelOperatorPayment({ ...stores, inquire, clock: platform.clock }),
    toCancelledPaymentResponse,
  );
};
