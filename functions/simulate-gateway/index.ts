import { documents as db } from '../../shared/config/aws-clients.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { timings } from '../../shared/domain/timings.ts';
import { inDynamo } from '../../shared/simulators/dynamo-document-store.ts';
import { simulator } from '../../shared/simulators/gateway/gateway-simulator.ts';
import { plainHandler } from '../../shared/simulators/lambda-adapter.ts';

const { SIMULATOR_TABLE: table } = requireEnv('SIMULATOR_TABLE');

/** The PG of a sandbox. Never in production: it approves what it is told to. */
export const handler = plainHandler(
  simulator({
    accounts: inDynamo({ db, table, prefix: 'account#' }),
    keys: inDynamo({ db, table, prefix: 'key#' }),
    clock,
  }),
  { hangMs: timings.cloud.pgTimeoutMs + 5_000 },
);
