import { createCompensationStep } from '../../shared/application/compensation/compensation-step.ts';
import { createCouponRepository } from '../../shared/persistence/coupon-repository.ts';
import { createOrderRepository } from '../../shared/persistence/order-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { releaseOrder } from './handler.ts';

const stores = storesFromEnv({ orders: createOrderRepository, coupons: createCouponRepository });

export const handler = createCompensationStep('release-order', (compensate) =>
  releaseOrder({ ...stores, compensate }),
);
