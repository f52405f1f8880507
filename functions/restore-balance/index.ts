import { balancesIn } from '../../shared/data/balances.ts';
import { documents as db } from '../../shared/runtime/aws.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { undoStep } from '../../shared/runtime/undo-step.ts';
import { restoreBalance } from './handler.ts';

const env = requireEnv('BALANCES_TABLE');
const balances = balancesIn(db, env.BALANCES_TABLE);

export const handler = undoStep('restore-balance', (undo) => restoreBalance({ balances, undo }));
