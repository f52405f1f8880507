import { createCompensateAtOnce } from '../../shared/application/compensation/compensate-at-once.ts';
import {
  consumerConfigFromEnv,
  eventConsumer,
} from '../../shared/application/events/event-consumer.ts';
import type { BasePlatform, SqsPlatform } from '../../shared/config/platform.ts';
import { createCompensationRepository } from '../../shared/persistence/compensation-repository.ts';
import { createCouponRepository } from '../../shared/persistence/coupon-repository.ts';
import { paymentStoresFromEnv, storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { compensatePayment, findCompensated } from './handler.ts';

export const compose = (platform: BasePlatform & SqsPlatform) => {
  const stores = {
    ...paymentStoresFromEnv(platform),
    ...storesFromEnv(platform, {
      coupons: createCouponRepository,
      compensations: createCompensationRepository,
    }),
  };

  return eventConsumer(
    consumerConfigFromEnv(platform, 'compensate-payment'),
    compensatePayment({
      ...stores,
      compensateAtOnce: createCompensateAtOnce(stores),
      clock: platform.clock,
    }),
    findCompensated(stores),
  );
};
