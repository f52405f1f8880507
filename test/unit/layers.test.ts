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

/** Imports of these files that are not allowed. */
const strayImports = (of: readonly Source[], allowed: (name: string, path: string) => boolean) =>
  of.flatMap(({ path, imports }) =>
    imports.filter((name) => !allowed(name, path)).map((name) => `${path} imports ${name}`),
  );

const isWithin = (name: string, ...folders: readonly string[]) =>
  folders.some((folder) => name.startsWith(`${folder}/`));

const isOwnFile = (name: string) => isWithin(name, 'cdk', 'dev', 'functions', 'shared', 'test');

const linesOf = (text: string) => text.trimEnd().split('\n').length;

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

it('keeps clock, randomness and environment out of the domain', () => {
  const impure = /\bprocess\.|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bcrypto\./;

  expect(
    below('shared/domain')
      .filter(({ text }) => impure.test(text))
      .map(({ path }) => path),
  ).toEqual([]);
});

it('lets shared/ import only shared/', () => {
  expect(
    strayImports(below('shared'), (name) => !isOwnFile(name) || isWithin(name, 'shared')),
  ).toEqual([]);
});

it('lets cdk/ import only tables of routes, events, metrics and timings', () => {
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

it('bundles the parts of the platform that a composition names, and no other', () => {
  const fileOf: Readonly<Record<string, string>> = {
    BasePlatform: 'shared/config/lambda-platform.ts',
    SqsPlatform: 'shared/config/sqs-platform.ts',
    EventBridgePlatform: 'shared/config/event-bridge-platform.ts',
    SecretsPlatform: 'shared/config/secret.ts',
    GatewayPlatform: 'shared/gateway/gateway-from-env.ts',
    WebhookPlatform: 'shared/gateway/webhook-reader.ts',
    DeliveryPlatform: 'shared/lambda/http-delivery.ts',
    TokenFormat: 'shared/gateway/token-format.ts',
  };
  const named = below('functions')
    .filter(({ path }) => path.endsWith('/compose.ts'))
    .map(({ path, text }) => [
      path.replace('compose.ts', 'index.ts'),
      Object.keys(fileOf).filter((part) => new RegExp(`\\b${part}\\b`).test(text)),
    ]);
  const given = below('functions')
    .filter(({ path }) => path.endsWith('/index.ts'))
    .map(({ path, imports }) => [
      path,
      Object.keys(fileOf).filter((part) => imports.includes(fileOf[part] ?? '')),
    ]);

  expect(Object.fromEntries(given)).toEqual(Object.fromEntries(named));
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

it('composes functions without the environment, clients, clock and randomness of the process', () => {
  const ofProcess = sources
    .filter(({ text }) => text.includes('process.env'))
    .map(({ path }) => path)
    .concat(
      'shared/config/aws-clients.ts',
      'shared/config/system-clock.ts',
      'shared/config/system-runtime.ts',
    );
  const loaded = loadedFrom(
    below('functions')
      .filter(({ path }) => path.endsWith('/compose.ts'))
      .map(({ path }) => path),
  );

  expect(loaded.size).toBeGreaterThan(100);
  expect(ofProcess.filter((path) => loaded.has(path))).toEqual([]);
});

/** The only files that read the time or the randomness of the process; all others are given a runtime. */
const filesOfProcessTime = {
  'shared/config/system-clock.ts': 'the clock and the timers of Lambda',
  'shared/config/system-runtime.ts': 'the runtime of Lambda',
  'shared/gateway/conformance/harness.ts': 'tests of an adapter',
  'shared/http/http-handler.ts': 'measures a duration',
  'shared/observability/metrics.ts': 'measures a duration, timestamps metrics',
};

it('reads the time and the randomness of the process only to give or to measure them', () => {
  const ofProcess =
    /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\b|\brandom(?:UUID|Int|Bytes)\b|\bset(?:Timeout|Interval)\b|\bAbortSignal\.timeout\b|\bperformance\.now\b/;
  const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');

  expect(
    [...below('shared'), ...below('functions')]
      .filter(({ text }) => ofProcess.test(withoutComments(text)))
      .map(({ path }) => path)
      .sort(),
  ).toEqual(Object.keys(filesOfProcessTime));
});

it('sends requests to the gateway only through the exchange that an adapter is given', () => {
  const network = ['node:http', 'node:https', 'node:net', 'node:tls'];
  const sender = 'shared/gateway/http-exchange.ts';
  const sends = ({ text, imports }: Source) =>
    imports.some((name) => network.includes(name) || name === sender) || /\bfetch\(/.test(text);

  expect(
    below('shared/gateway')
      .filter((source) => sends(source) && !isWithin(source.path, 'shared/gateway/conformance'))
      .map(({ path }) => path)
      .sort(),
  ).toEqual(['shared/gateway/gateway-from-env.ts', sender]);
});

/** Module-level objects of production code. A process with several functions shares each of them. */
const moduleState = {
  'functions/accept-payment/operation.ts operation': 'a constant',
  'functions/inquire-payment/inquire-under-review.ts resolvableTransitions': 'a constant',
  'shared/application/dead-letters/parse-message.ts parseEvent': 'a pure function',
  'shared/config/aws-clients.ts documentClient': 'loaded by index.ts only',
  'shared/config/aws-clients.ts dynamoDbClient': 'loaded by index.ts only',
  'shared/config/lambda-platform.ts lambdaPlatform': 'loaded by index.ts only',
  'shared/config/transient-errors.ts throttlingErrors': 'a constant',
  'shared/domain/bounds.ts encoder': 'has no state',
  'shared/domain/card-number.ts cardSchemes': 'a constant',
  'shared/domain/card-number.ts nonCardFormats': 'a constant',
  'shared/domain/payments/payment-events.ts paymentEvents': 'a constant',
  'shared/domain/payments/payment-transitions.ts paymentStateMachine': 'a constant',
  'shared/domain/refunds/refund-events.ts refundEvents': 'a constant',
  'shared/domain/refunds/refund.ts refundStateMachine': 'a constant',
  'shared/domain/time.ts formatters': 'caches a pure function of a time zone',
  'shared/gateway/stripe/decline-table.ts stripeDeclineTable': 'a constant',
  'shared/gateway/toss/decline-table.ts tossDeclineTable': 'a constant',
  'shared/gateway/toss/protocol.ts fundsByStatus': 'a constant',
  'shared/http/read-json.ts decoder': 'has no state between two texts',
  'shared/http/schemas/payment.ts paymentStage': 'a constant',
  'shared/http/schemas/refund.ts refundStatus': 'a constant',
  'shared/lambda/queued-event.ts messageSchemas': 'caches a pure function of an event name',
  'shared/observability/invocation-scope.ts processScope':
    'the metrics of a process with one function',
  'shared/observability/invocation-scope.ts scopes': 'separates the functions of a process',
  'shared/observability/logger.ts logger': 'the log of a process',
  'shared/persistence/stream-record.ts entityTypeByKey': 'a constant',
};

it('keeps state in what a function composes, not in a module', () => {
  const statement = /^(?:export )?(let|var|const) (\w+)[\s\S]*?(?=\n\S(?<![)}\]])|(?![\s\S]))/gm;
  const isStateful = (kind: string, text: string) => {
    // What follows an arrow runs at each call, and so do the defaults of its parameters.
    const [head = ''] = text.split(/=>|function/);
    const isFunction = / =\s+(?:async )?[(<]/.test(head);

    return (
      kind !== 'const' ||
      (!isFunction && /\b(?:(?:new |create)[A-Z]\w*[(<]|\w+Client\.from\()/.test(head))
    );
  };

  expect(
    [...below('shared'), ...below('functions')]
      .flatMap(({ path, text }) =>
        [...text.matchAll(statement)]
          .filter(([found, kind = '']) => isStateful(kind, found))
          .map(([, , name]) => `${path} ${name}`),
      )
      .sort(),
  ).toEqual(Object.keys(moduleState));
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

it('exports by name, and only from the declaring file', () => {
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

it('writes to tables of the service only with the retry policy', () => {
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
