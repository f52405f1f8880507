import { documentClient, dynamoDbClient } from './aws-clients.ts';
import type { BasePlatform } from './platform.ts';
import { readAtInit } from './read-at-init.ts';
import { systemTimers } from './system-clock.ts';
import { createDatabase, systemRuntime } from './system-runtime.ts';

/** One function in a process of its own. */
export const lambdaPlatform: BasePlatform = {
  ...systemRuntime,
  environment: process.env,
  db: createDatabase(documentClient),
  dynamoDb: dynamoDbClient,
};

// Lambda ends the initialization when the module has been evaluated: what is not awaited here runs in the first request.
await readAtInit(lambdaPlatform, systemTimers);
