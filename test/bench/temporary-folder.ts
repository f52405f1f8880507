import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own, and how it is removed: at the latest when this process ends, however a signal ends it. */
export const temporaryFolder = (name: string, parent = tmpdir()) => {
  const folder = mkdtempSync(join(parent, `aftercommit-${name}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);

  return {
    folder,
    clear: () => {
      process.off('exit', remove);
      remove();
    },
  };
};
