import { existsSync, readFileSync } from 'node:fs';
import { inject } from 'vitest';

/** What the local AWS and the functions in it have written so far; nothing where another AWS keeps it. */
export const readStackLog = (): string => {
  const file = inject('logFile');

  return file && existsSync(file) ? readFileSync(file, 'utf8') : '';
};
