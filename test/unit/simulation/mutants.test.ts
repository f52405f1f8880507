import { existsSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { describe, expect, it } from 'vitest';
import { firstFailureOf } from '../../simulation/mutants/judges.ts';
import { applyMutant, type Mutant } from '../../simulation/mutants/mutant.ts';
import { mutants } from '../../simulation/mutants/mutants.ts';
import {
  formatResults,
  hasSurvived,
  type MutantResult,
  mergeResults,
} from '../../simulation/mutants/results.ts';

const textOf = ({ file }: Mutant) => readFileSync(file, 'utf8');

describe('table of mutants', () => {
  it('has names in kebab case, each once', () => {
    const names = mutants.map(({ name }) => name);

    expect(names.filter((name) => !/^[a-z]+(?:-[a-z]+)*$/.test(name))).toEqual([]);
    expect(names.length).toBe(new Set(names).size);
  });

  it('has enough faults in modules and in the wiring', () => {
    const wiring = mutants.filter(({ kind }) => kind === 'wiring');

    expect(wiring.length).toBeGreaterThanOrEqual(15);
    expect(mutants.length).toBeGreaterThanOrEqual(45);
  });

  it('says in one sentence which promise each breaks', () => {
    expect(mutants.filter(({ breaks }) => !/^[A-Z][^.]*\.$/.test(breaks))).toEqual([]);
  });

  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
    '%s changes its file once, and the file is still valid',
    (_, mutant) => {
      const changed = applyMutant(textOf(mutant), mutant);

      expect(changed).not.toBe(textOf(mutant));
      expect(() => stripTypeScriptTypes(changed)).not.toThrow();
    },
  );

  it('names tests that exist', () => {
    const paths = mutants.flatMap(({ unitTests }) => unitTests);

    expect(mutants.filter(({ unitTests }) => unitTests.length === 0)).toEqual([]);
    expect(paths.filter((path) => !/^test\/(?:unit|infra)\//.test(path))).toEqual([]);
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });
});

describe('applyMutant', () => {
  const mutant = { name: 'one-less', file: 'a.ts', find: 'a + 1', replace: 'a' };

  it('replaces the text', () => {
    expect(applyMutant('return a + 1;', mutant)).toBe('return a;');
  });

  it.each([
    ['is missing', 'return a;', '0 times'],
    ['occurs twice', 'a + 1; a + 1', '2 times'],
  ])('throws an error if the text %s', (_, text, times) => {
    expect(() => applyMutant(text, mutant)).toThrow(
      `The mutant one-less must find its text once in a.ts, and finds it ${times}.`,
    );
  });
});

describe('firstFailureOf', () => {
  const file = (name: string, statuses: readonly string[], message = '') => ({
    name: `/copy/test/unit/${name}.test.ts`,
    message,
    assertionResults: statuses.map((status) => ({ fullName: `refund ${status}`, status })),
  });

  it('returns the first failed test', () => {
    const report = { testResults: [file('not-run', []), file('run', ['passed', 'failed'])] };

    expect(firstFailureOf(report, '/copy')).toBe('test/unit/run.test.ts: refund failed');
  });

  it('returns a file that cannot be loaded', () => {
    const report = { testResults: [file('not-run', []), file('broken', [], 'x is missing')] };

    expect(firstFailureOf(report, '/copy')).toBe('test/unit/broken.test.ts: x is missing');
  });

  it('returns nothing if no test failed', () => {
    const report = { testResults: [file('run', ['passed'])] };

    expect(firstFailureOf(report, '/copy')).toBeUndefined();
  });
});

describe('results of mutants', () => {
  const [first, second] = mutants as readonly [Mutant, Mutant, ...Mutant[]];
  const resultOf = (
    { name, kind, breaks }: Mutant,
    verdicts: Pick<MutantResult, 'tests' | 'simulation'>,
  ): MutantResult => ({ name, kind, breaks, ...verdicts });
  const run = { date: '2026-12-01T12:00:00.000Z', commit: 'abc', machine: '2 x CPU' };
  const killed = { isKilled: true, seconds: 2, first: 'a.test.ts: a|b', commit: 'abc' };
  const missed = { isKilled: false, seconds: 60, seeds: 400, commit: 'abc' };

  it('keep the verdicts of other mutants and of the other judge', () => {
    const merged = mergeResults(
      mutants,
      { runs: { tests: run }, mutants: [resultOf(first, { tests: killed })] },
      {
        runs: { simulation: run },
        mutants: [
          resultOf(second, { simulation: missed }),
          resultOf(first, { simulation: missed }),
        ],
      },
    );

    expect(merged).toEqual({
      runs: { tests: run, simulation: run },
      mutants: [
        resultOf(first, { tests: killed, simulation: missed }),
        resultOf(second, { simulation: missed }),
      ],
    });
  });

  it('drop the verdicts of mutants that no longer exist', () => {
    const gone = { runs: {}, mutants: [resultOf({ ...first, name: 'gone' }, { tests: killed })] };

    expect(mergeResults(mutants, gone, { runs: {}, mutants: [] }).mutants).toEqual([]);
  });

  it('name the survivors: mutants that no judge has killed', () => {
    const results = [
      resultOf(first, { tests: killed, simulation: missed }),
      resultOf(second, {
        tests: { isKilled: false, seconds: 2, commit: 'abc' },
        simulation: missed,
      }),
    ];

    expect(results.filter(hasSurvived)).toEqual([results[1]]);
    expect(formatResults(results).split('\n')).toEqual([
      '| mutant | breaks | killed by tests | killed by the simulation |',
      '| --- | --- | --- | --- |',
      `| \`${first.name}\` | ${first.breaks} | a.test.ts: a\\|b | survives (400 seeds) |`,
      `| \`${second.name}\` | ${second.breaks} | survives | survives (400 seeds) |`,
      '',
      `Survivors: ${second.name}.`,
    ]);
  });
});
