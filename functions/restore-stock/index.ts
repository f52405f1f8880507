import { createCompensationStep } from '../../shared/application/compensation/compensation-step.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { createProductRepository } from '../../shared/persistence/product-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { restoreStock } from './handler.ts';

const stores = storesFromEnv({
  payments: createPaymentRepository,
  products: createProductRepository,
});

export const handler = createCompensationStep('restore-stock', (compensate) =>
  restoreStock({ ...stores, compensate }),
);
