import { requireEnv } from '../../shared/config/env.ts';
import type { BasePlatform } from '../../shared/config/platform.ts';
import { timings } from '../../shared/domain/timings.ts';
import { createDynamoStore } from '../../shared/simulators/dynamo-document-store.ts';
import { withoutChallengeId } from '../../shared/simulators/gateway/challenges.ts';
import { createGatewaySimulator } from '../../shared/simulators/gateway/gateway-simulator.ts';
import { createPlainHandler } from '../../shared/simulators/lambda-adapter.ts';

/** The gateway of a sandbox. Never deploy it to production: it approves what the token says. */
export const compose = ({ environment, db, clock, sleep, randomId }: BasePlatform) => {
  const { SIMULATOR_TABLE: table } = requireEnv(environment, 'SIMULATOR_TABLE');

  return createPlainHandler(
    createGatewaySimulator({
      accounts: createDynamoStore({ db, table, prefix: 'account#' }),
      keys: createDynamoStore({ db, table, prefix: 'key#' }),
      clock,
      randomId,
    }),
    {
      maxDelayMs: timings.cloud.pgTimeoutMs + 5_000,
      sleep,
      loggedPathOf: withoutChallengeId,
    },
  );
};
