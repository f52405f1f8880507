import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DocumentClient } from './document-client.ts';
import type { Database, Runtime } from './platform.ts';
import { systemClock } from './system-clock.ts';

/** The time and the randomness of this process. */
export const systemRuntime: Runtime = {
  clock: systemClock,
  sleep,
  random: Math.random,
  randomId: randomUUID,
};

/** Gives a client its runtime; returns the same client. */
export const createDatabase = <C extends DocumentClient>(
  client: C,
  runtime: Runtime = systemRuntime,
): C & Database => Object.assign(client, { runtime });
