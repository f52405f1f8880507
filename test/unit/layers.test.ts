import { globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { compositions } from '../../dev/simulation/compositions.ts';

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

/** The project's own files that a file loads at run time. */
const loadedBy = ({ path, text }: Source) =>
  [...text.matchAll(/^import\s+(?!type\b)[^;]*?'(\.[^']+)'/gm)].map(([, name = '']) =>
    join(dirname(path), name),
  );

/** All files that these load, directly or not. */
const loadedFrom = (paths: readonly string[]): ReadonlySet<string> => {
  const reached = new Set<string>();
  const visit = (path: string) => {
    if (reached.has(path)) return;
    reached.add(path);
    const source = sources.find((each) => each.path === path);
    if (source) loadedBy(source).forEach(visit);
  };
  paths.forEach(visit);

  return reached;
};

it('has a composition of every function', () => {
  expect(Object.keys(compositions).sort()).toEqual(readdirSync('functions').sort());
});

it('has no more in an index.ts than a composition on the platform of Lambda', () => {
  const entry =
    /^(?:import \{ [\w, ]+ \} from '(?:\.\/compose|\.\.\/\.\.\/shared\/(?:config|gateway|lambda)\/[\w-]+)\.ts';\n)+\nexport const handler = compose\([^;]*\);\n$/;

  expect(
    below('functions')
      .filter(({ path, text }) => path.endsWith('/index.ts') && !entry.test(text))
      .map(({ path }) => path),
  ).toEqual([]);
});

it('reads the environment of the process in the platform and to select the gateway', () => {
  expect(
    [...below('shared'), ...below('functions')]
      .filter(({ text }) => text.includes('process.env'))
      .map(({ path }) => path)
      .sort(),
  ).toEqual([
    'shared/config/credentials.ts',
    'shared/config/lambda-platform.ts',
    'shared/gateway/gateway-from-env.ts',
    'shared/gateway/token-format.ts',
    'shared/gateway/webhook-reader.ts',
  ]);
});

it('composes functions without the environment, clients and clock of the process', () => {
  const ofProcess = sources
    .filter(({ text }) => text.includes('process.env'))
    .map(({ path }) => path)
    .concat('shared/config/aws-clients.ts', 'shared/config/system-clock.ts');
  const loaded = loadedFrom(
    below('functions')
      .filter(({ path }) => path.endsWith('/compose.ts'))
      .map(({ path }) => path),
  );

  expect(loaded.size).toBeGreaterThan(100);
  expect(ofProcess.filter((path) => loaded.has(path))).toEqual([]);
});

it('describes routes without carrying the description along', () => {
  const describing = /(?:^|\/)(?:operation|examples|schemas)\.ts$|^shared\/http\/schemas\//;

  const carrying = [...below('functions'), ...below('shared'), ...below('cdk')]
    .filter(({ path }) => !describing.test(path))
    .flatMap((source) =>
      loadedBy(source)
        .filter((name) => describing.test(name))
        .map((name) => `${source.path} loads ${name}`),
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
