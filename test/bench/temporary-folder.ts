import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Creates a temporary folder; `clear` removes it. The process removes it at its exit, also after a signal. */
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
