import { afterAll, describe, expect, it } from 'vitest';
import { deploymentOf } from './deployments.ts';
import { explore } from './explore.ts';
import type { Adapter } from './gateways/gateway-worlds.ts';
import { keptSeeds } from './kept-seeds.ts';
import { createCoverage } from './marks/coverage.ts';
import { exceptionOf } from './marks/exceptions.ts';
import { lastRelease } from './releases.ts';
import { describeFindings } from './report.ts';
import type { Stage } from './run-record.ts';
import type { SeedReport, SeriesChoices } from './series/seed-report.ts';
import { poolOf, type SeedRunner, startWorker } from './series/worker-pool.ts';

const fixedSeeds = Array.from({ length: 300 }, (_, index) => index + 1);

const [one, other] = [startWorker(), startWorker()];
const workers = poolOf([one, other]);
afterAll(() => workers.stop());

const coverage = createCoverage(deploymentOf('local'));

/** Runs seeds in the workers. Returns what each found, with the commands to look closer. */
const findingsOf = async (
  seeds: readonly number[],
  run: (seed: number) => Promise<SeedReport>,
  choices: SeriesChoices = {},
): Promise<readonly string[]> => {
  const failures: string[] = [];
  await explore({
    seeds,
    jobs: 2,
    run,
    onReport: (report) => {
      coverage.add(report.marks ?? []);
      if (report.findings.length > 0) failures.push(describeFindings(report, choices));
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
    const run = (seed: number) => workers.run(seed, { isMarked: true });

    expect(await findingsOf(fixedSeeds, run)).toEqual([]);
  });
});

describe('the kept seeds', () => {
  it('have no finding any more', async () => {
    const indexes = [...keptSeeds.keys()];
    const run = (index: number) => {
      const { seed, choices } = keptSeeds[index] as (typeof keptSeeds)[number];

      return workers.run(seed, { ...choices, isMarked: true });
    };

    expect(await findingsOf(indexes, run)).toEqual([]);
  });
});

describe('the fixed and the kept seeds together', () => {
  it('take each transition, refusal and retry path but the named exceptions', () => {
    expect(coverage.missing().filter((mark) => exceptionOf(mark) === undefined)).toEqual([]);
  });
});

describe('the last release and this version side by side', () => {
  it.each(['first', 'second'] as const)(
    'have no finding with the %s half of the functions of the release',
    async (half) => {
      const choices = { old: { build: lastRelease(), half } };
      const run = (seed: number) => workers.run(seed, choices);

      expect(await findingsOf(fixedSeeds.slice(0, 40), run, choices)).toEqual([]);
    },
  );
});
