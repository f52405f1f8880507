import { compensateFromEnv } from '../../shared/application/compensation/compensating-transaction.ts';
import { createCompensationStep } from '../../shared/application/compensation/compensation-step.ts';
import type { BasePlatform } from '../../shared/config/platform.ts';
import { compensationTarget } from '../../shared/domain/compensation/compensation-target.ts';
import { createBalanceRepository } from '../../shared/persistence/balance-repository.ts';
import { createCompensationRepository } from '../../shared/persistence/compensation-repository.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { restoreBalance } from './handler.ts';

export const compose = (platform: BasePlatform) => {
  const stores = storesFromEnv(platform, {
    payments: createPaymentRepository,
    compensations: createCompensationRepository,
    balances: createBalanceRepository,
  });

  return createCompensationStep(
    {
      ...stores,
      name: 'restore-balance',
      targetsOf: ({ userId }) => [compensationTarget.balance(userId)],
    },
    restoreBalance({ ...stores, compensate: compensateFromEnv(platform) }),
  );
};
