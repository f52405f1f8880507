import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeBySimulation } from '../../simulation/mutants/judges.ts';
import { createWorkingCopy } from '../../simulation/mutants/working-copy.ts';

describe('judgeBySimulation', () => {
  const judge = (program: string) =>
    judgeBySimulation([process.execPath, '-e', program], {
      folder: process.cwd(),
      signal: new AbortController().signal,
    });

  it('kills a mutant at the first finding', async () => {
    const output = [
      'Seed 1020 (local, stripe): 2 findings',
      '  stock: 2 of tea are sold twice',
      '  coupon: used by two orders',
      '',
      '1,020 seeds (15.1 a second of processor), 2 findings in seeds 1020',
    ];

    expect(
      await judge(`console.log(${JSON.stringify(output.join('\n'))}); process.exit(1)`),
    ).toEqual({
      isKilled: true,
      seconds: expect.any(Number),
      seeds: 1_020,
      first: 'Seed 1020 (local, stripe): stock: 2 of tea are sold twice',
    });
  });

  it('kills a mutant with which it cannot run', async () => {
    const verdict = await judge(`throw new Error('The queue is not valid.')`);

    expect(verdict).toMatchObject({ isKilled: true, first: 'Error: The queue is not valid.' });
  });

  it('misses a mutant without a finding', async () => {
    const verdict = await judge(`console.log('400 seeds, 0 findings')`);

    expect(verdict).toMatchObject({ isKilled: false, seeds: 400 });
  });

  it('throws an error with the output if the simulation fails otherwise', async () => {
    await expect(judge(`console.log('no such stage'); process.exit(2)`)).rejects.toThrow(
      'The simulation failed with code 2.\nno such stage',
    );
  });
});

describe('createWorkingCopy', () => {
  it('changes a file of the copy while a mutant is judged', async () => {
    const { folder, withMutant, clear } = createWorkingCopy();
    const file = 'shared/domain/due-index.ts';
    const text = () => readFileSync(join(folder, file), 'utf8');
    const mutant = { name: 'one', breaks: '', kind: 'module', file, unitTests: [] } as const;
    try {
      const original = text();
      const fault = { ...mutant, find: '% dueShards.length', replace: '% 1' };

      expect(original).toBe(readFileSync(file, 'utf8'));
      expect(await withMutant(fault, async () => text())).toBe(
        original.replace('% dueShards.length', '% 1'),
      );
      expect(text()).toBe(original);
    } finally {
      clear();
    }
  });
});
