import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../bench/temporary-folder.ts';
import { writeBuild } from './builds.ts';
import type { SeriesChoices } from './series/seed-report.ts';
import { startWorker } from './series/worker-pool.ts';

const { folder, clear } = temporaryFolder('simulation-build');
const worker = startWorker();
beforeAll(() => writeBuild(folder));
afterAll(() => {
  worker.stop();
  clear();
});

const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

const runAll = async (choices: SeriesChoices) => {
  const reports = [];
  for (const seed of seeds)
    reports.push(await worker.run(seed, { isDigested: true, stage: 'local', ...choices }));

  return reports.map(({ seed, digest, findings, invocations }) => ({
    seed,
    digest,
    findings,
    invocations,
  }));
};

describe('a build of this working tree', () => {
  it('makes the same runs beside the functions of the tree, to the last byte', async () => {
    const current = await runAll({});

    expect(await runAll({ old: { build: folder } })).toEqual(current);
    expect(current.flatMap(({ findings }) => findings)).toEqual([]);
  });

  it('is refused if it does not have a named function', async () => {
    const old = { build: folder, functions: ['charge-pigment'] };

    await expect(worker.run(1, { old })).rejects.toThrow('no function charge-pigment');
  });

  it('is refused if the folder has none', async () => {
    await expect(worker.run(1, { old: { build: '/nowhere' } })).rejects.toThrow(
      '/nowhere has no build',
    );
  });
});
