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
    const program = `console.log('finding: stock is negative'); console.log('1,020 seeds, 1 findings'); process.exit(1)`;

    expect(await judge(program)).toMatchObject({
      isKilled: true,
      seeds: 1_020,
      first: 'finding: stock is negative',
    });
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
      const fault = { ...mutant, find: 'dueShards.length', replace: '1' };

      expect(original).toBe(readFileSync(file, 'utf8'));
      expect(await withMutant(fault, async () => text())).toBe(
        original.replace('dueShards.length', '1'),
      );
      expect(text()).toBe(original);
    } finally {
      clear();
    }
  });
});
