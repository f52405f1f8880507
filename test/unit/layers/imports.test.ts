import { expect, it } from 'vitest';
import { below, isOwnFile, isWithin, loadedBy, sources, strayImports } from './sources.ts';

/** What each layer of shared/ may import, beside itself and packages. */
const layers: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  config: ['domain'],
  observability: ['config', 'domain'],
  persistence: ['config', 'domain', 'observability'],
  gateway: ['config', 'domain', 'observability'],
  lambda: ['config', 'domain', 'observability'],
  http: ['config', 'domain', 'observability'],
  application: ['config', 'domain', 'gateway', 'lambda', 'observability', 'persistence'],
  simulators: ['config', 'domain', 'gateway', 'lambda', 'observability'],
};

/** The one import between two adapters: a route with an idempotency key runs inside the idempotency wrapper of its function. */
const exceptions = ['shared/http/idempotent-route.ts imports shared/lambda/idempotency.ts'];

it('lets each layer of shared/ import only the layers below it', () => {
  const folders = new Set(below('shared').map(({ path }) => path.split('/')[1]));
  expect([...folders].toSorted()).toEqual(Object.keys(layers).toSorted());

  const stray = Object.entries(layers).flatMap(([layer, allowed]) =>
    strayImports(
      below(`shared/${layer}`),
      (name) =>
        !isOwnFile(name) || isWithin(name, ...[layer, ...allowed].map((one) => `shared/${one}`)),
    ),
  );
  expect(stray).toEqual(exceptions);
});

it('has no import circle', () => {
  const importsOf = new Map(sources.map(({ path, imports }) => [path, imports]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start >= 0) circles.push([...way.slice(start), path].join(' -> '));
    if (start >= 0 || done.has(path)) return;
    for (const name of importsOf.get(path) ?? []) visit(name, [...way, path]);
    done.add(path);
  };
  for (const { path } of sources) visit(path, []);

  expect(circles).toEqual([]);
});

it.each(['shared', 'shared/domain', 'shared/application', 'shared/simulators', 'dev'])(
  'has no two folders in %s that import each other',
  (parent) => {
    const depth = parent.split('/').length;
    const folderOf = (path: string) =>
      isWithin(path, parent) && path.split('/').length > depth + 1 ? path.split('/')[depth] : '';
    const arrows = new Set(
      below(parent).flatMap(({ path, imports }) =>
        imports
          .map((name) => [folderOf(path), folderOf(name)])
          .filter(([from, to]) => from && to && from !== to)
          .map((arrow) => arrow.join(' -> ')),
      ),
    );

    expect(
      [...arrows].filter((arrow) => arrows.has(arrow.split(' -> ').toReversed().join(' -> '))),
    ).toEqual([]);
  },
);

it('imports no module for its side effects, which bundles leave out', () => {
  const bare = [...below('functions'), ...below('shared')].filter(({ text }) =>
    /^import '/m.test(text),
  );

  expect(bare.map(({ path }) => path)).toEqual([]);
});

it('lets functions import only shared/ and their own folder', () => {
  const folderOf = (path: string) => path.split('/').slice(0, 2).join('/');

  expect(below('functions')).not.toEqual([]);
  expect(
    strayImports(
      below('functions'),
      (name, path) => !isOwnFile(name) || isWithin(name, 'shared', folderOf(path)),
    ),
  ).toEqual([]);
});

it('lets the domain import only itself and zod', () => {
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

it('lets shared/ import only shared/', () => {
  expect(
    strayImports(below('shared'), (name) => !isOwnFile(name) || isWithin(name, 'shared')),
  ).toEqual([]);
});

it('lets cdk/ import only tables of routes, events, metrics, timings, and the canary', () => {
  const tables = [
    'shared/http/routes.ts',
    'shared/domain/events/domain-event.ts',
    'shared/domain/events/subscriptions.ts',
    'shared/observability/metric-catalogue.ts',
    'shared/observability/metric-descriptions.ts',
    'shared/domain/timings.ts',
    'shared/domain/canary.ts',
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

  const carrying = [...below('functions'), ...below('shared'), ...below('cdk')]
    .filter(({ path }) => !describing.test(path))
    .flatMap((source) =>
      loadedBy(source)
        .filter((name) => describing.test(name))
        .map((name) => `${source.path} loads ${name}`),
    );

  expect(carrying).toEqual([]);
});
