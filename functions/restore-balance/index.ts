import { createCompensationStep } from '../../shared/application/compensation/compensation-step.ts';
import { createBalanceRepository } from '../../shared/persistence/balance-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { restoreBalance } from './handler.ts';

const stores = storesFromEnv({ balances: createBalanceRepository });

export const handler = createCompensationStep('restore-balance', (compensate) =>
  restoreBalance({ ...stores, compensate }),
);
