import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../../dev/cli/paths.ts';
import { type ProcessResult, runProcess } from '../../../dev/cli/run-process.ts';
import { type LocalStack, writeStack } from '../../../dev/local/stack-descriptor.ts';
import { stack } from '../../support/stack/aws-clients.ts';
import { balances, products } from '../../support/stack/repositories.ts';

const nameIn = ({ lines }: ProcessResult): string =>
  /buyer (smoke-[\w-]+)$/.exec(lines[0] ?? '')?.[1] ?? '';

describe('npm run smoke', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'aftercommit-smoke-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  /** `npm run smoke -- --stage local`, on a stack with this descriptor. */
  const runSmokeCommand = (descriptor: LocalStack, name: string) => {
    const file = join(directory, `${name}.json`);
    writeStack(descriptor, file);

    return runProcess(process.execPath, ['dev/smoke.ts', '--stage', 'local'], {
      env: { ...process.env, AFTERCOMMIT_STACK: file },
      cwd: root,
      signal: AbortSignal.timeout(110_000),
    });
  };

  it('passes twice at once, prints each thing that holds, and leaves no product', async () => {
    const runs = await Promise.all([
      runSmokeCommand(stack, 'first'),
      runSmokeCommand(stack, 'second'),
    ]);

    for (const run of runs) {
      const { code, lines } = run;
      expect({ code, lines }).toMatchObject({ code: 0 });
      // The reconciliation lists what other tests have left undecided.
      const isListed = (line: string) => line === '' || /^(?: |Explained|Undecided)/.test(line);
      expect(lines.filter((line) => !isListed(line))).toEqual([
        expect.stringMatching(/^Stage local at http.*, buyer smoke-/),
        'The local AWS has no Service Quotas: no quota is compared.',
        expect.stringMatching(/^✔ the gateway approves: pay_\w+ is COMPLETED$/),
        '✔ a dead letter of add-loyalty-points is redriven, without a second effect: 25 points',
        expect.stringMatching(/^✔ the gateway declines, .*: pay_\w+ is FAILED$/),
        expect.stringMatching(/^✔ more than the balance is refused at accept: pay_\w+ is FAILED$/),
        '✔ a webhook with the key of the stage is accepted, one with another key is not',
        expect.stringMatching(/^✔ the answer of the gateway is lost, .*: pay_\w+ is COMPLETED$/),
        expect.stringMatching(/^✔ the buyer cancels .*: pay_\w+ is FAILED$/),
        expect.stringMatching(/^✔ the whole amount is refunded: pay_\w+ is REFUNDED$/),
        expect.stringMatching(/^✔ the whole amount is refunded: pay_\w+ is REFUNDED$/),
        '✔ balance and stock are as before',
        expect.stringMatching(/^✔ Reconciled: \d+ payments /),
        '✔ The stage local works.',
      ]);
      expect(await products.find(nameIn(run))).toBeUndefined();
      expect(await balances.find(nameIn(run))).toBeUndefined();
    }
  });

  it('exits with 1 and one sentence on the first thing that does not hold', async () => {
    const otherKey = { ...stack, pgWebhookSecretArn: stack.notificationsSecretArn };

    const { code, lines } = await runSmokeCommand(otherKey, 'other-key');

    expect(code).toBe(1);
    expect(lines.at(-1)).toBe(
      '✘ A webhook with the key of the stage was answered with 401, not 200.',
    );
  });
});
