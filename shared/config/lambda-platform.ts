import { documentClient, dynamoDbClient } from './aws-clients.ts';
import type { BasePlatform } from './platform.ts';
import { createDatabase, systemRuntime } from './system-runtime.ts';

/** One function in a process of its own. */
export const lambdaPlatform: BasePlatform = {
  ...systemRuntime,
  environment: process.env,
  db: createDatabase(documentClient),
  dynamoDb: dynamoDbClient,
};
