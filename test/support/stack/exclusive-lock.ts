import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, inject } from 'vitest';

const lock = join(inject('sharedDirectory'), 'exclusive.lock');

/** Creating a directory is atomic: it fails if another test file holds the lock. */
const tryAcquire = (): boolean => {
  if (existsSync(lock)) return false;
  try {
    mkdirSync(lock);

    return true;
  } catch {
    return false;
  }
};

// One file at a time changes what all share. Its checks belong to it: hooks registered later run before this release.
beforeAll(async () => {
  while (!tryAcquire()) await sleep(100);
}, 900_000);

afterAll(() => rmdirSync(lock));
