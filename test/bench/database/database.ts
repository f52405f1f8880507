import type { Progress } from '../../../dev/cli/progress.ts';
import { startEmulator } from '../../../dev/local/emulator.ts';
import { cpuSecondsOf } from '../program.ts';
import { findTool } from '../tools.ts';
import { dynamoDbLocal } from './dynamodb-local.ts';
import { dynoxide } from './dynoxide.ts';
import type { Database, StartDatabase } from './local-database.ts';

export const databaseNames = ['dynoxide', 'dynamodb-local', 'ministack'] as const;

export type DatabaseName = (typeof databaseNames)[number];

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
