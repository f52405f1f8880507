import type { BasePlatform } from '../../shared/config/platform.ts';
import { idempotentRoute } from '../../shared/http/idempotent-route.ts';
import { idempotencyFromEnv } from '../../shared/lambda/idempotency.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { cancelPayment, toCancelledPaymentResponse } from './handler.ts';
import { cancelPaymentSchema } from './request.ts';

export const compose = (platform: BasePlatform) => {
  const { payments } = storesFromEnv(platform, { payments: createPaymentRepository });

  return idempotentRoute(
    {
      ...idempotencyFromEnv(platform),
      name: 'cancel-payment',
      schema: cancelPaymentSchema,
      parameter: 'paymentId',
    },
    cancelPayment({ payments, clock: platform.clock }),
    toCancelledPaymentResponse,
  );
};
