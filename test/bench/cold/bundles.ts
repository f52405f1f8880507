import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';
import { bundleOptions } from '../../../cdk/constructs/bundle.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const constants = { PG_ADAPTER: 'simulator' };

/** Variants of the bundling, as differences from the deployed options. */
export const variants: Readonly<Record<string, BuildOptions>> = {
  'as deployed': {},
  "with the SDK's own ways to credentials": { alias: {} },
  'without names kept': { keepNames: false },
  'not minified': { minify: false },
};

export interface BuiltBundles {
  /** The path by folder of the function. */
  readonly paths: Readonly<Record<string, string>>;
  readonly bytes: Readonly<Record<string, number>>;
  readonly metafile: Metafile;
}

/** Builds the bundles of one variant as files; `clear` removes them. */
export const buildVariant = (variant: string) => {
  const { folder, clear } = temporaryFolder('cold');
  const { outputFiles, metafile } = buildSync({
    ...bundleOptions(constants),
    ...variants[variant],
    metafile: true,
    write: false,
  });
  const written = outputFiles.map(({ path, contents }) => {
    const name = basename(dirname(path));
    const file = join(folder, name, basename(path));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);

    return { name, file, bytes: contents.length };
  });

  return {
    built: {
      paths: Object.fromEntries(written.map(({ name, file }) => [name, file])),
      bytes: Object.fromEntries(written.map(({ name, bytes }) => [name, bytes])),
      metafile,
    } satisfies BuiltBundles,
    clear,
  };
};

const packageOf = (path: string): string =>
  path
    .split('node_modules/')
    .at(-1)
    ?.match(/^(@[^/]+\/[^/]+|[^/@][^/]*)/)?.[0] ?? path;

/** The bytes of a function's bundle by package, largest first; our own code is `aftercommit`. */
export const compositionOf = (
  { metafile }: BuiltBundles,
  folder: string,
): Readonly<Record<string, number>> => {
  const [, output] =
    Object.entries(metafile.outputs).find(([path]) => basename(dirname(path)) === folder) ?? [];
  const bytes: Record<string, number> = {};
  for (const [path, { bytesInOutput }] of Object.entries(output?.inputs ?? {})) {
    const from = path.includes('node_modules/') ? packageOf(path) : 'aftercommit';
    bytes[from] = (bytes[from] ?? 0) + bytesInOutput;
  }

  return Object.fromEntries(Object.entries(bytes).sort(([, a], [, b]) => b - a));
};
