import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { subscriptions } from '../../../../shared/domain/events/subscriptions.ts';

const numberIn = (path: string, pattern: RegExp) =>
  Number(pattern.exec(readFileSync(path, 'utf8'))?.[1]);

it('lets LocalStack run more functions than needed, so that no event source is throttled', () => {
  const limit = numberIn('localstack.yml', /\$\{LOCALSTACK_LAMBDAS:-(\d+)\}/);
  const invocations = numberIn('dev/localstack-tests.ts', /AFTERCOMMIT_INVOCATIONS: '(\d+)'/);
  const tests = numberIn('vitest.config.ts', /maxConcurrency: (\d+)/);
  // One batch of each queue, one of each stream of the relay, and three compensation steps for each test.
  const concurrent = Object.keys(subscriptions).length + 4 + 3 * tests;

  expect(invocations).toBeGreaterThan(0);
  expect(limit).toBeGreaterThan(concurrent + invocations);
});
