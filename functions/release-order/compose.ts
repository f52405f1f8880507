import { compensateFromEnv } from '../../shared/application/compensation/compensating-transaction.ts';
import { createCompensationStep } from '../../shared/application/compensation/compensation-step.ts';
import type { BasePlatform } from '../../shared/config/platform.ts';
import { idempotencyFromEnv } from '../../shared/lambda/idempotency.ts';
import { createCouponRepository } from '../../shared/persistence/coupon-repository.ts';
import { createOrderRepository } from '../../shared/persistence/order-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { releaseOrder } from './handler.ts';

export const compose = (platform: BasePlatform) => {
  const stores = storesFromEnv(platform, {
    orders: createOrderRepository,
    coupons: createCouponRepository,
  });

  return createCompensationStep(
    { ...idempotencyFromEnv(platform), name: 'release-order' },
    releaseOrder({ ...stores, compensate: compensateFromEnv(platform) }),
  );
};
