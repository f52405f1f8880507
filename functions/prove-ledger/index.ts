import { ledgerIn, ledgerTables } from '../../shared/data/ledger.ts';
import { httpHandler } from '../../shared/http/boundary.ts';
import { chargeLedger } from '../../shared/pg/gateway.ts';
import { documents as db } from '../../shared/runtime/aws.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { tablesFromEnv } from '../../shared/runtime/stores.ts';
import { timingsFromEnv } from '../../shared/runtime/timings.ts';
import { proveLedger } from './handler.ts';

const { PG_URL: url } = requireEnv('PG_URL');
const tables = tablesFromEnv(ledgerTables);
const { charges } = chargeLedger({ url, timings: timingsFromEnv() });
const ledger = (spend: (items: number) => void) => ledgerIn({ db, tables, charges, spend });

// With room for the answer before API Gateway gives up, and for the items in memory.
export const handler = httpHandler(
  proveLedger({ ledger, budget: { items: 60_000, withinMs: 20_000 }, clock }),
);
