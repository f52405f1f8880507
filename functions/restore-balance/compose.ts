import { compensateFromEnv } from '../../shared/application/compensation/compensating-transaction.ts';
import { createCompensationStep } from '../../shared/application/compensation/compensation-step.ts';
import type { BasePlatform } from '../../shared/config/platform.ts';
import { idempotencyFromEnv } from '../../shared/lambda/idempotency.ts';
import { createBalanceRepository } from '../../shared/persistence/balance-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { restoreBalance } from './handler.ts';

export const compose = (platform: BasePlatform) => {
  const stores = storesFromEnv(platform, { balances: createBalanceRepository });

  return createCompensationStep(
    { ...idempotencyFromEnv(platform), name: 'restore-balance' },
    restoreBalance({ ...stores, compensate: compensateFromEnv(platform) }),
  );
};
