import { createAcceptPayment } from '../../shared/application/payments/accept-payment.ts';
import { storedRejectionCodes } from '../../shared/application/payments/accept-rejections.ts';
import type { BasePlatform } from '../../shared/config/platform.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import type { TokenFormat } from '../../shared/gateway/token-format.ts';
import { idempotentRoute } from '../../shared/http/idempotent-route.ts';
import { paymentStoresFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { acceptPayment, toAcceptedResponse } from './handler.ts';
import { createAcceptPaymentSchema } from './request.ts';

interface Platform extends BasePlatform {
  readonly tokenFormat: TokenFormat;
}

export const compose = (platform: Platform) => {
  const { unclaimedTimeoutMs } = timingsFromEnv(platform.environment);
  const accept = createAcceptPayment(paymentStoresFromEnv(platform));

  return idempotentRoute(
    {
      name: 'accept-payment',
      schema: createAcceptPaymentSchema(platform.tokenFormat),
      storedRejections: storedRejectionCodes,
    },
    acceptPayment({ accept, clock: platform.clock, unclaimedTimeoutMs }),
    toAcceptedResponse,
  );
};
