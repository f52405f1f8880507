import { requestInquiryFromEnv } from '../../shared/application/payments/request-inquiry.ts';
import type { BasePlatform, SqsPlatform } from '../../shared/config/platform.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import type { CheckoutPlatform } from '../../shared/gateway/checkout.ts';
import type { TokenFormat } from '../../shared/gateway/token-format.ts';
import { toAcceptedResponse } from '../../shared/http/accepted-response.ts';
import { idempotentRoute } from '../../shared/http/idempotent-route.ts';
import { returnOriginsFrom } from '../../shared/http/return-url.ts';
import { idempotencyFromEnv } from '../../shared/lambda/idempotency.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { confirmPayment } from './handler.ts';
import { createConfirmPaymentSchema } from './request.ts';

interface Platform extends BasePlatform, SqsPlatform, CheckoutPlatform {
  readonly tokenFormat: TokenFormat;
}

export const compose = (platform: Platform) => {
  const { environment, clock, openCheckout, tokenFormat } = platform;
  const { payments } = storesFromEnv(platform, { payments: createPaymentRepository });

  return idempotentRoute(
    {
      ...idempotencyFromEnv(platform),
      name: 'confirm-payment',
      schema: createConfirmPaymentSchema(tokenFormat),
      parameter: 'paymentId',
    },
    confirmPayment({
      payments,
      requestInquiry: requestInquiryFromEnv(platform, 'buyer'),
      clock,
      timings: timingsFromEnv(environment),
      checkout: openCheckout(environment),
      returnOrigins: returnOriginsFrom(environment),
    }),
    toAcceptedResponse,
  );
};
