import type { BasePlatform } from '../../shared/config/platform.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import type { CheckoutPlatform } from '../../shared/gateway/checkout.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { createLongPoll } from '../../shared/http/long-poll.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { waitSlotsFromEnv } from '../../shared/persistence/wait-slots.ts';
import { getPayment } from './handler.ts';

export const compose = (platform: BasePlatform & CheckoutPlatform) => {
  const { environment, openCheckout } = platform;
  const { payments } = storesFromEnv(platform, { payments: createPaymentRepository });
  const acquireSlot = waitSlotsFromEnv(platform, 'get-payment');

  return httpHandler(
    getPayment({
      payments,
      poll: createLongPoll({ ...platform, acquireSlot }),
      checkout: openCheckout(environment),
      timings: timingsFromEnv(environment),
    }),
  );
};
