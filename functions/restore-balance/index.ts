import { undoStep } from '../../shared/application/compensation/compensation-step.ts';
import { balancesIn } from '../../shared/persistence/balance-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { restoreBalance } from './handler.ts';

const stores = storesFromEnv({ balances: balancesIn });

export const handler = undoStep('restore-balance', (undo) => restoreBalance({ ...stores, undo }));
