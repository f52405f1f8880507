import { createAcceptPayment } from '../../shared/application/payments/accept-payment.ts';
import { storedRejectionCodes } from '../../shared/application/payments/accept-rejections.ts';
import type { BasePlatform } from '../../shared/config/platform.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import type { CheckoutPlatform } from '../../shared/gateway/checkout.ts';
import type { TokenFormat } from '../../shared/gateway/token-format.ts';
import { toAcceptedResponse } from '../../shared/http/accepted-response.ts';
import { idempotentRoute } from '../../shared/http/idempotent-route.ts';
import { returnOriginsFrom } from '../../shared/http/return-url.ts';
import { createCouponRepository } from '../../shared/persistence/coupon-repository.ts';
import { paymentStoresFromEnv, storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { acceptPayment } from './handler.ts';
import { createAcceptPaymentSchema, withoutOrder } from './request.ts';

interface Platform extends BasePlatform, CheckoutPlatform {
  readonly tokenFormat: TokenFormat;
}

export const compose = (platform: Platform) => {
  const { environment, clock, openCheckout } = platform;
  const accept = createAcceptPayment({
    ...paymentStoresFromEnv(platform),
    ...storesFromEnv(platform, { coupons: createCouponRepository }),
  });

  return idempotentRoute(
    {
      name: 'accept-payment',
      schema: createAcceptPaymentSchema(platform.tokenFormat),
      comparedBodyOf: withoutOrder,
      storedRejections: storedRejectionCodes,
    },
    acceptPayment({
      accept,
      clock,
      timings: timingsFromEnv(environment),
      checkout: openCheckout(environment),
      returnOrigins: returnOriginsFrom(environment),
    }),
    toAcceptedResponse,
  );
};
