import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundlesFor } from '../../../cdk/constructs/bundle.ts';

/** The bundles that are deployed, as files that an environment can load, by folder; `clear` removes them. */
export const writtenBundles = () => {
  const folder = mkdtempSync(join(tmpdir(), 'aftercommit-bundles-'));
  const paths = [...bundlesFor({ PG_ADAPTER: 'simulator' })].map(([name, bundle]) => {
    const path = join(folder, name, 'index.js');
    mkdirSync(join(folder, name));
    writeFileSync(path, bundle);

    return [name, path] as const;
  });

  return {
    paths: Object.fromEntries(paths),
    clear: () => rmSync(folder, { recursive: true, force: true }),
  };
};
