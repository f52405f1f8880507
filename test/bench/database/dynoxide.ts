import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { findFreePort } from '../../../dev/local/ports.ts';
import { startCommand } from '../program.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type Database, type StartDatabase, waitForHttp } from './database.ts';

/** A file system in memory where there is one: each commit is written out, and how fast a disk is should not be what is measured. */
const inMemory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A DynamoDB in Rust over SQLite. What was filled once is copied as a file from then on. */
export const dynoxide = (path: string): StartDatabase => {
  const filled = new Map<string, string>();
  const { folder } = temporaryFolder('dynoxide', inMemory);

  return async (logFile, key, fill) => {
    const kept = join(folder, `filled-${key}`);
    if (!filled.has(key)) {
      const first = await start(path, kept, logFile);
      indexStreams(kept);
      await fill(first.endpoint);
      await first.close();
      filled.set(key, kept);
    }
    const own = mkdtempSync(join(folder, 'run-'));
    cpSync(kept, own, { recursive: true });
    const database = await start(path, own, logFile);

    return {
      ...database,
      close: async () => {
        await database.close();
        rmSync(own, { recursive: true, force: true });
      },
    };
  };
};

const fileIn = (folder: string) => join(folder, 'tables.sqlite');

const start = async (path: string, folder: string, logFile: string): Promise<Database> => {
  mkdirSync(folder, { recursive: true });
  const port = await findFreePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const { cpuSeconds, close } = startCommand(
    path,
    ['serve', '--port', String(port), '--db-path', fileIn(folder), '--log', 'quiet'],
    { logFile },
  );
  await waitForHttp(endpoint);

  return { endpoint, cpuSeconds, close };
};

/** Without it each write reads all records of its table's stream to number its own, and is the slower the more there are. */
const indexStreams = (folder: string): void => {
  const sqlite = new DatabaseSync(fileIn(folder));
  sqlite.exec(
    'CREATE INDEX by_sequence ON _stream_records (table_name, CAST(sequence_number AS INTEGER))',
  );
  sqlite.close();
};
