import { compensateFromEnv } from '../../shared/application/compensation/compensating-transaction.ts';
import { createCompensationStep } from '../../shared/application/compensation/compensation-step.ts';
import type { BasePlatform } from '../../shared/config/platform.ts';
import { stockTargetsOf } from '../../shared/domain/compensation/compensation-target.ts';
import { createCompensationRepository } from '../../shared/persistence/compensation-repository.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { createProductRepository } from '../../shared/persistence/product-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { restoreStock } from './handler.ts';

export const compose = (platform: BasePlatform) => {
  const stores = storesFromEnv(platform, {
    payments: createPaymentRepository,
    compensations: createCompensationRepository,
    products: createProductRepository,
  });

  return createCompensationStep(
    { ...stores, name: 'restore-stock', targetsOf: stockTargetsOf },
    restoreStock({ ...stores, compensate: compensateFromEnv(platform) }),
  );
};
