import { readdirSync } from 'node:fs';
import { buildSync } from 'esbuild';
import { expect, it } from 'vitest';
import { bundleAllFunctions, bundleOptions } from '../../cdk/constructs/bundle.ts';

const constants = { PG_ADAPTER: 'simulator' };

it('bundles every function', () => {
  expect([...bundleAllFunctions(constants).keys()].sort()).toEqual(readdirSync('functions').sort());
});

it('bundles no module of the service of which a function uses nothing', () => {
  const { metafile } = buildSync({
    ...bundleOptions(constants),
    entryPoints: ['functions/accept-payment/index.ts'],
    metafile: true,
  });
  const [bundle] = Object.values(metafile.outputs);

  expect(Object.keys(bundle?.inputs ?? {})).toContain('shared/persistence/stores-from-env.ts');
  expect(Object.keys(bundle?.inputs ?? {})).not.toContain('shared/domain/refunds/refund.ts');
});

it('bundles no code that a function never runs: other credentials, other gateways, JMESPath, event streams', () => {
  const { metafile } = buildSync({ ...bundleOptions(constants), metafile: true });
  const bundled = Object.keys(metafile.inputs).map((path) => path.split('node_modules/').at(-1));
  const other =
    /^@aws-sdk\/(nested-clients|credential-provider-(sso|ini|process))|^stripe\/|powertools\/jmespath|\/event-streams\//;

  const used = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => path.split('node_modules/').at(-1) ?? ''),
  );

  expect(bundled).toContain('shared/config/credentials.ts');
  expect(used.filter((path) => other.test(path))).toEqual([]);
});
