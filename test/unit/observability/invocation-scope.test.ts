import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createInvocationScopes } from '../../../shared/observability/invocation-scope.ts';
import { logOutcome, recordMetric } from '../../../shared/observability/metrics.ts';

vi.hoisted(() => {
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'INFO');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
});

let lines: Readonly<Record<string, unknown>>[];

beforeEach(() => {
  lines = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    lines.push(JSON.parse(`${chunk}`));

    return true;
  });
});

/** An invocation that waits between its two metrics and its line. */
const invocation = (message: string, latencyMs: number) => async () => {
  recordMetric('ProcessingLatency', latencyMs, { outcome: 'succeeded' });
  await setImmediate();
  recordMetric('SweeperRuns', latencyMs, {});
  await setImmediate();
  logOutcome(message, {});
};

describe('invocation scopes', () => {
  it('separates concurrent invocations of two functions', async () => {
    const charge = createInvocationScopes('charge-payment');
    const sweep = createInvocationScopes('sweep-payments');

    await Promise.all([charge(invocation('charged', 1)), sweep(invocation('swept', 2))]);

    expect(lines).toEqual([
      expect.objectContaining({ message: 'charged', service: 'charge-payment', SweeperRuns: 1 }),
      expect.objectContaining({ message: 'swept', service: 'sweep-payments', SweeperRuns: 2 }),
    ]);
    expect(lines.map(({ ProcessingLatency }) => ProcessingLatency)).toEqual([1, 2]);
  });

  it('separates concurrent invocations of one function', async () => {
    const charge = createInvocationScopes('charge-payment');

    await Promise.all([charge(invocation('first', 1)), charge(invocation('second', 2))]);

    expect(lines.map(({ message, SweeperRuns }) => [message, SweeperRuns])).toEqual([
      ['first', 1],
      ['second', 2],
    ]);
  });

  it('leaves the process its own service name and metrics', async () => {
    await createInvocationScopes('charge-payment')(async () => recordMetric('SweeperRuns', 1, {}));
    logOutcome('outside', {});

    expect(lines).toEqual([expect.objectContaining({ message: 'outside', service: 'tests' })]);
    expect(lines[0]).not.toHaveProperty('SweeperRuns');
  });
});
