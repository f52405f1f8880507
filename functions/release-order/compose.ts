import { compensateFromEnv } from '../../shared/application/compensation/compensating-transaction.ts';
import { createCompensationStep } from '../../shared/application/compensation/compensation-step.ts';
import type { BasePlatform } from '../../shared/config/platform.ts';
import { compensationTarget } from '../../shared/domain/compensation/compensation-target.ts';
import { createCompensationRepository } from '../../shared/persistence/compensation-repository.ts';
import { createCouponRepository } from '../../shared/persistence/coupon-repository.ts';
import { createOrderRepository } from '../../shared/persistence/order-repository.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { releaseOrder } from './handler.ts';

export const compose = (platform: BasePlatform) => {
  const stores = storesFromEnv(platform, {
    payments: createPaymentRepository,
    compensations: createCompensationRepository,
    orders: createOrderRepository,
    coupons: createCouponRepository,
  });

  return createCompensationStep(
    {
      ...stores,
      name: 'release-order',
      // The record of the coupon, if there is one, is written with that of the order.
      targetsOf: ({ orderId }) => [compensationTarget.order(orderId)],
    },
    releaseOrder({ ...stores, compensate: compensateFromEnv(platform) }),
  );
};
