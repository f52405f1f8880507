import { timings } from '../../shared/domain/timings.ts';
import { inDynamo } from '../../shared/outside/dynamo-documents.ts';
import { plainHandler } from '../../shared/outside/lambda-http.ts';
import { simulator } from '../../shared/outside/simulator/api.ts';
import { documents as db } from '../../shared/runtime/aws.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { requireEnv } from '../../shared/runtime/env.ts';

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
