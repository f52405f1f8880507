import { afterAll, describe, expect, it } from 'vitest';
import { explore } from './explore.ts';
import type { Adapter } from './gateways/gateway-worlds.ts';
import { keptSeeds } from './kept-seeds.ts';
import { describeFindings } from './report.ts';
import type { Stage } from './run-record.ts';
import type { SeedReport } from './series/seed-report.ts';
import { poolOf, type SeedRunner, startWorker } from './series/worker-pool.ts';

const fixedSeeds = Array.from({ length: 300 }, (_, index) => index + 1);

const [one, other] = [startWorker(), startWorker()];
const workers = poolOf([one, other]);
afterAll(() => workers.stop());

/** Runs seeds in the workers. Returns what each found, with the commands to look closer. */
const findingsOf = async (
  seeds: readonly number[],
  run: (seed: number) => Promise<SeedReport> = (seed) => workers.run(seed),
): Promise<readonly string[]> => {
  const failures: string[] = [];
  await explore({
    seeds,
    jobs: 2,
    run,
    onReport: (report) => {
      if (report.findings.length > 0) failures.push(describeFindings(report));
    },
  });

  return failures;
};

describe('one seed', () => {
  const stages: readonly Stage[] = ['local', 'sandbox'];
  const adapters: readonly Adapter[] = ['simulator', 'stripe', 'toss'];
  const choices = stages.flatMap((stage) =>
    adapters.map((adapter) => ({ stage, adapter, isDigested: true })),
  );

  const digestsOf = async ({ run }: SeedRunner, series: typeof choices) => {
    const digests: [string, string | undefined][] = [];
    for (const given of series)
      digests.push([`${given.stage} ${given.adapter}`, (await run(2, given)).digest]);

    return Object.fromEntries(digests);
  };

  it('gives the same run to the last byte, first or last in a series', async () => {
    const [first, last] = await Promise.all([
      digestsOf(one, choices),
      digestsOf(other, choices.toReversed()),
    ]);

    expect(first).toEqual(last);
    expect(new Set(Object.values(first)).size).toBe(choices.length);
  });
});

describe('the fixed seeds', () => {
  it('have no finding', async () => {
    expect(await findingsOf(fixedSeeds)).toEqual([]);
  });
});

describe('the kept seeds', () => {
  it('have no finding any more', async () => {
    const indexes = [...keptSeeds.keys()];
    const run = (index: number) => {
      const { seed, choices } = keptSeeds[index] as (typeof keptSeeds)[number];

      return workers.run(seed, choices);
    };

    expect(await findingsOf(indexes, run)).toEqual([]);
  });
});
