import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleAllFunctions, bundleFile } from '../../../cdk/constructs/bundle.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Writes the deployed bundles as files that an environment can load, by folder; `clear` removes them. */
export const writeBundles = () => {
  const { folder, clear } = temporaryFolder('bundles');
  const paths = [...bundleAllFunctions({ PG_ADAPTER: 'simulator' })].map(([name, bundle]) => {
    const path = join(folder, name, bundleFile);
    mkdirSync(join(folder, name));
    writeFileSync(path, bundle);

    return [name, path] as const;
  });

  return { paths: Object.fromEntries(paths), clear };
};
