import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { findFreePort } from '../../../dev/local/ports.ts';
import { startCommand } from '../program.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type Database, type StartDatabase, waitForHttp } from './local-database.ts';

/**
 * An in-memory file system, if there is one: the database syncs each commit, and the disk must not be
 * measured.
 */
const dataFolder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** dynoxide, a DynamoDB in Rust over SQLite. A filled database is kept as a file and copied later. */
export const dynoxide = (path: string): StartDatabase => {
  const filled = new Map<string, string>();
  const { folder } = temporaryFolder('dynoxide', dataFolder);

  return async (logFile, key, fill) => {
    const template = join(folder, `filled-${key}`);
    if (!filled.has(key)) {
      const first = await start(path, template, logFile);
      indexStreams(template);
      await fill(first.endpoint);
      await first.close();
      filled.set(key, template);
    }
    const own = mkdtempSync(join(folder, 'run-'));
    cpSync(template, own, { recursive: true });
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

/**
 * Adds an index: without it, each write reads all stream records of its table to find the next sequence
 * number.
 */
const indexStreams = (folder: string): void => {
  const sqlite = new DatabaseSync(fileIn(folder));
  sqlite.exec(
    'CREATE INDEX by_sequence ON _stream_records (table_name, CAST(sequence_number AS INTEGER))',
  );
  sqlite.close();
};
