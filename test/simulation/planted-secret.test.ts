import { describe, expect, it } from 'vitest';
import { composeFunction, type FunctionFolder } from '../../dev/simulation/compositions.ts';
import { logger } from '../../shared/observability/logger.ts';
import { noSecrets } from './checks/no-secrets.ts';
import { runSeed } from './run-seed.ts';
import type { Compose } from './world.ts';

/** The functions of this tree, of which accept-payment logs the body of each request. */
const withLoggedBodies: Compose = (folder, platform) => {
  const handle = composeFunction(folder as FunctionFolder, platform);

  return (event, context) => {
    const { body } = event as { readonly body?: string };
    if (folder === 'accept-payment') logger.info('payment requested', { body });

    return handle(event, context);
  };
};

const run = (compose?: Compose) =>
  runSeed({ seed: 1, stage: 'local', adapter: 'simulator', checks: [noSecrets], compose });

describe('a payment method token in a log line of level INFO', () => {
  it('is a finding of no-secrets', async () => {
    const { findings, record } = await run(withLoggedBodies);

    expect(findings).not.toEqual([]);
    for (const { check, text } of findings) {
      expect(check).toBe('no-secrets');
      expect(text).toMatch(/^a log line contains sim_\w+: .*payment requested/);
    }
    expect(record.logLines.length).toBeGreaterThan(10);
  });

  it('is not in the log lines of the functions themselves', async () => {
    const { findings, record } = await run();

    expect(findings).toEqual([]);
    expect(record.logLines.length).toBeGreaterThan(10);
  });
});
