import { expect, it } from 'vitest';
import { below, linesOf, sources } from './sources.ts';

it('gives no two exported types of shared/ and functions/ one name', () => {
  const declared = /^export (?:declare )?(?:interface|type|(?:abstract )?class) (\w+)/gm;
  const paths = new Map<string, string[]>();
  for (const { path, text } of [...below('shared'), ...below('functions')])
    for (const [, name = ''] of text.matchAll(declared))
      paths.set(name, [...(paths.get(name) ?? []), path]);

  expect([...paths].filter(([, found]) => found.length > 1)).toEqual([]);
});

/** Small files with one importer that stay files of their own. */
const smallFiles = [
  // Every function has these, whatever their size.
  /^functions\/[a-z-]+\/(?:compose|handler)\.ts$/,
  // Each is a part of the platform that an index.ts can name.
  /^shared\/config\/[a-z-]+-platform\.ts$/,
  // Tests play and check each game day of this list.
  /^dev\/game-days\/drills\.ts$/,
];

it('has no small file with a single importer that could be part of it', () => {
  const importers = new Map<string, number>();
  const production = sources.filter(({ path }) => !path.startsWith('test/'));
  for (const { imports } of production)
    for (const name of new Set(imports)) importers.set(name, (importers.get(name) ?? 0) + 1);

  const small = production
    .filter(({ path, text }) => linesOf(text) < 20 && importers.get(path) === 1)
    .map(({ path }) => path)
    .filter((path) => !smallFiles.some((pattern) => pattern.test(path)));
  expect(small).toEqual([]);
});

it.each([
  ['index.ts', 15],
  ['compose.ts', 70],
  ['handler.ts', 90],
])('keeps each %s of a function within %i lines', (file, most) => {
  const long = below('functions')
    .filter(({ path, text }) => path.endsWith(`/${file}`) && linesOf(text) > most)
    .map(({ path, text }) => `${path}: ${linesOf(text)}`);

  expect(long).toEqual([]);
});

it('exports by name, and only from the declaring file', () => {
  const byDefault = /^export\s+default\b/m;
  const fromElsewhere = /^export\s+(?:type\s+)?(?:\*|\{[^}]*\})[^;]*?\bfrom\b/m;
  // Vitest calls a global setup by its default export.
  const setup = 'test/support/stack/global-setup.ts';
  // It stands for a package.
  const recorder = 'test/support/sdk/recorded-commands.ts';

  expect(
    sources
      .filter(
        ({ path, text }) =>
          (fromElsewhere.test(text) && path !== recorder) ||
          (byDefault.test(text) && path !== setup),
      )
      .map(({ path }) => path),
  ).toEqual([]);
});
