import { globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { OldFunctions } from './builds.ts';
import { explore } from './explore.ts';
import { describeFindings } from './report.ts';
import { poolOf, startWorker } from './series/worker-pool.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

/** The folders of the releases before this version, oldest first. */
const releases = globSync('test/releases/*/compositions.mjs.br')
  .map(dirname)
  .filter((folder) => !folder.endsWith(`/${version}`))
  .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));

const seeds = Array.from({ length: 40 }, (_, index) => index + 1);

const workers = poolOf([startWorker(), startWorker()]);
afterAll(() => workers.stop());

/** Runs the seeds with half of the functions of the last release. Returns what each found. */
const findingsOf = async (old: OldFunctions): Promise<readonly string[]> => {
  const failures: string[] = [];
  await explore({
    seeds,
    jobs: 2,
    run: (seed) => workers.run(seed, { old }),
    onReport: (report) => {
      if (report.findings.length > 0) failures.push(describeFindings(report, { old }));
    },
  });

  return failures;
};

describe('the last release and this version side by side', () => {
  it.each(['first', 'second'] as const)(
    'have no finding with the %s half of the functions of the release',
    async (half) => {
      expect(await findingsOf({ build: releases.at(-1) ?? 'test/releases', half })).toEqual([]);
    },
  );
});
