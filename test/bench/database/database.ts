import { setTimeout as pause } from 'node:timers/promises';
import type { Progress } from '../../../dev/cli/progress.ts';
import { startEmulator } from '../../../dev/local/emulator.ts';
import { cpuSecondsOf } from '../program.ts';
import { findTool } from '../tools.ts';
import { dynamoDbLocal } from './dynamodb-local.ts';
import { dynoxide } from './dynoxide.ts';

/** A DynamoDB on this machine. */
export interface Database {
  readonly endpoint: string;
  cpuSeconds(): number;
  close(): Promise<void>;
}

export const databaseNames = ['dynoxide', 'dynamodb-local', 'ministack'] as const;

export type DatabaseName = (typeof databaseNames)[number];

/** Starts a new database and fills it. May reuse the data that was filled under the same key before. */
export type StartDatabase = (
  logFile: string,
  key: string,
  fill: (endpoint: string) => Promise<void>,
) => Promise<Database>;

/** Finds or installs the program of the database. */
export const findDatabase = async (
  name: DatabaseName,
  step: Progress,
  signal: AbortSignal,
): Promise<StartDatabase> => {
  if (name === 'dynoxide') return dynoxide(await findTool('dynoxide', step, signal));

  return createFilledDatabase(name === 'ministack' ? ministack : await dynamoDbLocal(step, signal));
};

const createFilledDatabase =
  (start: (logFile: string) => Promise<Database>): StartDatabase =>
  async (logFile, _, fill) => {
    const database = await start(logFile);
    await fill(database.endpoint);

    return database;
  };

const ministack = async (logFile: string): Promise<Database> => {
  const { endpoint, pid, close } = await startEmulator({ logFile, lambdaConcurrency: 1 });

  return { endpoint, cpuSeconds: () => cpuSecondsOf(pid), close };
};

const readyWithinMs = 30_000;

/** Waits until the endpoint answers an HTTP request, with any status. */
export const waitForHttp = async (endpoint: string): Promise<void> => {
  const deadline = performance.now() + readyWithinMs;
  while (performance.now() < deadline) {
    if (await fetch(endpoint).catch(() => undefined)) return;
    await pause(50);
  }
  throw new Error(`No response from ${endpoint}.`);
};
