import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const folders = ['charge-payment', 'inquire-payment', 'receive-webhook'];

/** The paths of the modules in each bundle that is built for one PG. */
const contentsFor = async (adapter: string): Promise<readonly (readonly string[])[]> => {
  const { metafile } = await build({
    entryPoints: folders.map((folder) => join('functions', folder, 'index.ts')),
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    outdir: 'nowhere',
    define: { 'process.env.PG_ADAPTER': JSON.stringify(adapter) },
  });

  return Object.values(metafile.outputs).map(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => path),
  );
};

it.each([
  ['simulator', false],
  ['stripe', true],
  ['toss', false],
])(
  'has the SDK of Stripe in the functions that call the PG, built for %s: %s',
  async (adapter, isThere) => {
    const contents = await contentsFor(adapter);

    expect(contents).toHaveLength(folders.length);
    for (const paths of contents)
      expect(paths.some((path) => path.startsWith('node_modules/stripe/'))).toBe(isThere);
  },
  60_000,
);
