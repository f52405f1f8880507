import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compositions } from '../../../dev/simulation/compositions.ts';
import { below, loadedBy, sources } from './sources.ts';

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
    DynamoDbStreamsPlatform: 'shared/config/dynamodb-streams-platform.ts',
    InvocationPlatform: 'shared/config/function-invoker.ts',
    SecretsPlatform: 'shared/config/secret.ts',
    GatewayPlatform: 'shared/gateway/gateway-from-env.ts',
    CheckoutPlatform: 'shared/gateway/checkout.ts',
    WebhookPlatform: 'shared/gateway/webhook-reader.ts',
    DeliveryPlatform: 'shared/lambda/http-delivery.ts',
    TokenFormat: 'shared/gateway/token-format.ts',
  };
  const composing = below('functions').filter(({ path }) => path.endsWith('/compose.ts'));
  const named = composing.map(({ path, text }) => [
    path.replace('compose.ts', 'index.ts'),
    Object.keys(fileOf).filter((part) => new RegExp(`\\b${part}\\b`).test(text)),
  ]);
  const unknown = composing
    .flatMap(({ text }) => text.match(/\b[A-Z]\w*Platform\b/g) ?? [])
    .filter((part) => !(part in fileOf));
  const given = below('functions')
    .filter(({ path }) => path.endsWith('/index.ts'))
    .map(({ path, imports }) => [
      path,
      Object.keys(fileOf).filter((part) => imports.includes(fileOf[part] ?? '')),
    ]);

  expect(unknown).toEqual([]);
  expect(Object.fromEntries(given)).toEqual(Object.fromEntries(named));
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
