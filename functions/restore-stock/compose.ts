import { compensateFromEnv } from '../../shared/application/compensation/compensating-transaction.ts';
import { createCompensationStep } from '../../shared/application/compensation/compensation-step.ts';
import type { BasePlatform } from '../../shared/config/platform.ts';
import { idempotencyFromEnv } from '../../shared/lambda/idempotency.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { createProductRepository } from '../../shared/persistence/product-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { restoreStock } from './handler.ts';

export const compose = (platform: BasePlatform) => {
  const stores = storesFromEnv(platform, {
    payments: createPaymentRepository,
    products: createProductRepository,
  });

  return createCompensationStep(
    { ...idempotencyFromEnv(platform), name: 'restore-stock' },
    restoreStock({ ...stores, compensate: compensateFromEnv(platform) }),
  );
};
