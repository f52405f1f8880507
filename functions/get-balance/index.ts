import { httpHandler } from '../../shared/http/http-handler.ts';
import { createBalanceRepository } from '../../shared/persistence/balance-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { getBalance } from './handler.ts';

export const handler = httpHandler(
  getBalance(storesFromEnv({ balances: createBalanceRepository })),
);
