import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { documentClient, dynamoDbClient } from './aws-clients.ts';
import type { BasePlatform } from './platform.ts';
import { systemClock } from './system-clock.ts';

/** One function in a process of its own. */
export const lambdaPlatform: BasePlatform = {
  environment: process.env,
  db: documentClient,
  dynamoDb: dynamoDbClient,
  clock: systemClock,
  sleep,
  random: Math.random,
  randomId: randomUUID,
};
