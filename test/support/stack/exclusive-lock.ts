import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, inject } from 'vitest';

const lock = join(inject('sharedDirectory'), 'exclusive.lock');
const owner = join(lock, 'owner');

/** Whether the lock's owner can no longer release it: it runs its next file, or has exited. */
const isAbandoned = (): boolean => {
  try {
    const pid = Number(readFileSync(owner, 'utf8'));
    if (pid === process.pid) return true;
    process.kill(pid, 0);

    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
};

/** Creating a directory is atomic: it fails if another test file holds the lock. */
const tryAcquire = (): boolean => {
  try {
    mkdirSync(lock);
  } catch {
    // A failed check of a file skips its release.
    if (isAbandoned()) rmSync(lock, { recursive: true, force: true });

    return false;
  }
  writeFileSync(owner, String(process.pid));

  return true;
};

// One file at a time changes what all share. Its checks belong to it: hooks registered later run before this release.
beforeAll(async () => {
  while (!tryAcquire()) await sleep(100);
}, 900_000);

afterAll(() => rmSync(lock, { recursive: true }));
