import { documents as db } from '../../shared/config/aws-clients.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { chargeLedger } from '../../shared/gateway/gateway-from-env.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { ledgerIn, ledgerTables } from '../../shared/persistence/reconciliation-reader.ts';
import { tablesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { proveLedger } from './handler.ts';

const { PG_URL: url } = requireEnv('PG_URL');
const tables = tablesFromEnv(ledgerTables);
const { charges } = chargeLedger({ url, timings: timingsFromEnv() });
const ledger = (spend: (items: number) => void) => ledgerIn({ db, tables, charges, spend });

// With room for the answer before API Gateway gives up, and for the items in memory.
export const handler = httpHandler(
  proveLedger({ ledger, budget: { items: 60_000, withinMs: 20_000 }, clock }),
);
