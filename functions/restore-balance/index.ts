import { balancesIn } from '../../shared/data/balances.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { undoStep } from '../../shared/runtime/undo-step.ts';
import { restoreBalance } from './handler.ts';

const stores = storesFromEnv({ balances: balancesIn });

export const handler = undoStep('restore-balance', (undo) => restoreBalance({ ...stores, undo }));
