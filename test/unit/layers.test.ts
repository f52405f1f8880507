import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

interface Source {
  readonly path: string;
  readonly text: string;
  /** Paths from the root for the project's own files, names for packages. */
  readonly imports: readonly string[];
}

const importPattern =
  /^(?:import\s+|(?:import|export)\s[^;'"=()]*?\bfrom\s+)'([^']+)'|\bimport\('([^']+)'\)/gm;

const sourceOf = (path: string): Source => {
  const text = readFileSync(path, 'utf8');
  const imports = [...text.matchAll(importPattern)]
    .map(([, stated, called]) => stated ?? called ?? '')
    .map((name) => (name.startsWith('.') ? join(dirname(path), name) : name));

  return { path, text, imports };
};

const sources = globSync('{cdk,dev,functions,shared,test}/**/*.{ts,mjs}').map(sourceOf);

const below = (folder: string) => sources.filter(({ path }) => path.startsWith(`${folder}/`));

/** Every import of these files that is not one of theirs to make. */
const strayImports = (of: readonly Source[], allowed: (name: string, path: string) => boolean) =>
  of.flatMap(({ path, imports }) =>
    imports.filter((name) => !allowed(name, path)).map((name) => `${path} imports ${name}`),
  );

const isWithin = (name: string, ...folders: readonly string[]) =>
  folders.some((folder) => name.startsWith(`${folder}/`));

const isOwnFile = (name: string) => isWithin(name, 'cdk', 'dev', 'functions', 'shared', 'test');

const linesOf = (text: string) => text.trimEnd().split('\n').length;

it('keeps functions apart from each other and from all that is not theirs', () => {
  const folderOf = (path: string) => path.split('/').slice(0, 2).join('/');

  expect(below('functions')).not.toEqual([]);
  expect(
    strayImports(
      below('functions'),
      (name, path) => !isOwnFile(name) || isWithin(name, 'shared', folderOf(path)),
    ),
  ).toEqual([]);
});

it('lets the domain know nothing but itself and zod', () => {
  expect(below('shared/domain')).not.toEqual([]);
  expect(
    strayImports(
      below('shared/domain'),
      (name, path) =>
        name === 'zod' ||
        isWithin(name, 'shared/domain') ||
        // Ids are derived by a hash, which is pure.
        (name === 'node:crypto' && path === 'shared/domain/ids.ts'),
    ),
  ).toEqual([]);
});

it('gives the domain no clock, no chance and no environment', () => {
  const impure = /\bprocess\.|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bcrypto\./;

  expect(
    below('shared/domain')
      .filter(({ text }) => impure.test(text))
      .map(({ path }) => path),
  ).toEqual([]);
});

it('shares only what knows nobody that uses it', () => {
  expect(
    strayImports(below('shared'), (name) => !isOwnFile(name) || isWithin(name, 'shared')),
  ).toEqual([]);
});

it('deploys from the tables of routes, events, metrics and times, never from handlers', () => {
  const tables = [
    'shared/http/routes.ts',
    'shared/domain/events/domain-event.ts',
    'shared/observability/metric-catalogue.ts',
    'shared/domain/timings.ts',
  ];

  expect(below('cdk')).not.toEqual([]);
  expect(
    strayImports(
      below('cdk'),
      (name) => !isOwnFile(name) || isWithin(name, 'cdk') || tables.includes(name),
    ),
  ).toEqual([]);
});

it('describes routes without carrying the description along', () => {
  const describing = /(?:^|\/)(?:operation|examples|schemas)\.ts$|^shared\/http\/schemas\//;
  const loaded = /^import\s+(?!type\b)[^;]*?'([^']+)'/gm;

  const carrying = [...below('functions'), ...below('shared'), ...below('cdk')]
    .filter(({ path }) => !describing.test(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(loaded)]
        .map(([, name = '']) => join(dirname(path), name))
        .filter((name) => describing.test(name))
        .map((name) => `${path} loads ${name}`),
    );

  expect(carrying).toEqual([]);
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

it('exports by name, each thing from the file that makes it', () => {
  const byDefault = /^export\s+default\b/m;
  const fromElsewhere = /^export\s+(?:type\s+)?(?:\*|\{[^}]*\})[^;]*?\bfrom\b/m;
  // Vitest calls a global setup by its default export.
  const setup = 'test/support/stack/global-setup.ts';

  expect(
    sources
      .filter(
        ({ path, text }) => fromElsewhere.test(text) || (byDefault.test(text) && path !== setup),
      )
      .map(({ path }) => path),
  ).toEqual([]);
});

it('writes to a table of the service with the retry policy, and in no other way', () => {
  const writing = /\bnew (?:Put|Update|Delete|BatchWrite|TransactWrite|TransactGet)Command\(/;

  expect(
    [...below('shared'), ...below('functions')]
      .filter(({ path, text }) => writing.test(text) && !isWithin(path, 'shared/simulators'))
      .map(({ path }) => path),
  ).toEqual([
    'shared/persistence/dynamodb/transaction.ts',
    'shared/persistence/dynamodb/write-item.ts',
  ]);
});
