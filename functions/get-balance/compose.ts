import type { BasePlatform } from '../../shared/config/platform.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { createBalanceRepository } from '../../shared/persistence/balance-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { getBalance } from './handler.ts';

export const compose = (platform: BasePlatform) =>
  httpHandler(getBalance(storesFromEnv(platform, { balances: createBalanceRepository })));
