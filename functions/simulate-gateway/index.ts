import { documentClient as db } from '../../shared/config/aws-clients.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { timings } from '../../shared/domain/timings.ts';
import { createDynamoStore } from '../../shared/simulators/dynamo-document-store.ts';
import { createGatewaySimulator } from '../../shared/simulators/gateway/gateway-simulator.ts';
import { createPlainHandler } from '../../shared/simulators/lambda-adapter.ts';

const { SIMULATOR_TABLE: table } = requireEnv('SIMULATOR_TABLE');

/** The PG of a sandbox. Never in production: it approves what it is told to. */
export const handler = createPlainHandler(
  createGatewaySimulator({
    accounts: createDynamoStore({ db, table, prefix: 'account#' }),
    keys: createDynamoStore({ db, table, prefix: 'key#' }),
    clock,
  }),
  { maxDelayMs: timings.cloud.pgTimeoutMs + 5_000 },
);
