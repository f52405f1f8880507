import { existsSync, readFileSync } from 'node:fs';
import { inject } from 'vitest';

/** The log of the local AWS and its functions; empty if the stack was started elsewhere. */
export const readStackLog = (): string => {
  const file = inject('logFile');

  return file && existsSync(file) ? readFileSync(file, 'utf8') : '';
};
