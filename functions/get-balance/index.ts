import { balancesIn } from '../../shared/data/balances.ts';
import { httpHandler } from '../../shared/http/boundary.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { getBalance } from './handler.ts';

export const handler = httpHandler(getBalance(storesFromEnv({ balances: balancesIn })));
