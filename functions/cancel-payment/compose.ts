import { requestInquiryFromEnv } from '../../shared/application/payments/request-inquiry.ts';
import type { BasePlatform, SqsPlatform } from '../../shared/config/platform.ts';
import { idempotentRoute } from '../../shared/http/idempotent-route.ts';
import { idempotencyFromEnv } from '../../shared/lambda/idempotency.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { cancelPayment, toCancelledPaymentResponse } from './handler.ts';
import { cancelPaymentSchema } from './request.ts';

export const compose = (platform: BasePlatform & SqsPlatform) => {
  const { payments } = storesFromEnv(platform, { payments: createPaymentRepository });
  const inquire = requestInquiryFromEnv(platform, 'buyer');

  return idempotentRoute(
    {
      ...idempotencyFromEnv(platform),
      name: 'cancel-payment',
      schema: cancelPaymentSchema,
      parameter: 'paymentId',
    },
    cancelPayment({ payments, inquire, clock: platform.clock }),
    toCancelledPaymentResponse,
  );
};
