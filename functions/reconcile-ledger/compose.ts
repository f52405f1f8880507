import type { BasePlatform } from '../../shared/config/platform.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import type { GatewayPlatform } from '../../shared/gateway/gateway-from-env.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import {
  createReconciliationReader,
  reconciledTables,
} from '../../shared/persistence/reconciliation-reader.ts';
import { tablesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { reconcileLedger } from './handler.ts';

/** Leaves room for the response before API Gateway times out, and for the items in memory. */
const budget = { maxItems: 60_000, maxDurationMs: 20_000 };

export const compose = (platform: BasePlatform & Pick<GatewayPlatform, 'openChargeList'>) => {
  const { environment, db, clock, openChargeList } = platform;
  const tables = tablesFromEnv(environment, reconciledTables);
  const { charges } = openChargeList(environment, timingsFromEnv(environment));
  const createReader = (spend: (items: number) => void) =>
    createReconciliationReader({ db, tables, charges, onRead: spend });

  return httpHandler(reconcileLedger({ createReader, budget, clock }));
};
