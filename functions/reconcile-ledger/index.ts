import { documentClient as db } from '../../shared/config/aws-clients.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { chargeListFromEnv } from '../../shared/gateway/gateway-from-env.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import {
  createReconciliationReader,
  reconciledTables,
} from '../../shared/persistence/reconciliation-reader.ts';
import { tablesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { reconcileLedger } from './handler.ts';

const { PG_URL: url } = requireEnv('PG_URL');
const tables = tablesFromEnv(reconciledTables);
const { charges } = chargeListFromEnv({ url, timings: timingsFromEnv() });
const createReader = (spend: (items: number) => void) =>
  createReconciliationReader({ db, tables, charges, onRead: spend });

// With room for the answer before API Gateway gives up, and for the items in memory.
export const handler = httpHandler(
  reconcileLedger({ createReader, budget: { maxItems: 60_000, maxDurationMs: 20_000 }, clock }),
);
