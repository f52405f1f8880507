import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { CliError } from '../../../dev/cli/cli-error.ts';
import { root } from '../../../dev/cli/paths.ts';
import { judgeBySimulation, judgeByTests } from './judges.ts';
import type { Mutant } from './mutant.ts';
import { mutants } from './mutants.ts';
import {
  formatResults,
  type Judge,
  type MutantResult,
  type MutantResults,
  mergeResults,
  type RecordedVerdict,
  type RunDescription,
  readResults,
  resultsFile,
  writeResults,
} from './results.ts';
import { createWorkingCopy, type WorkingCopy } from './working-copy.ts';

export interface MutantRunOptions {
  /** Names of mutants; all of them by default. */
  readonly only?: readonly string[] | undefined;
  readonly judges: readonly Judge[];
  /** As of `simulationCommand`. Its exit code is 1 with a finding and 0 without. */
  readonly simulation: readonly string[];
  /** Mutants that are judged at the same time. */
  readonly jobs: number;
  /** Prints one line. */
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** The command that simulates up to a number of seeds, until the first finding. */
export const simulationCommand = (firstSeed: number, seeds: number): readonly string[] => [
  process.execPath,
  'test/simulation/simulate.ts',
  ...['--seed', `${firstSeed}`, '--count', `${seeds}`, '--stop', '1'],
];

/**
 * Judges the planted faults one by one in copies of the working tree. Prints a line for each and a table of all, and adds
 * the results to results.json. Throws CliError for an unknown name, or if a judge also finds a fault without a mutant.
 */
export const runMutants = async (options: MutantRunOptions): Promise<MutantResults> => {
  const { jobs, print } = options;
  const selected = selectMutants(options.only);
  const copies = Array.from({ length: Math.min(jobs, selected.length) }, createWorkingCopy);
  try {
    const [first] = copies;
    if (first) await requireClean(first, selected, options);
    const run = describeRun();
    const runs = Object.fromEntries(options.judges.map((judge) => [judge, run]));
    let results = readResults();
    let done = 0;
    const waiting = selected.values();
    const workThrough = async (copy: WorkingCopy) => {
      for (const mutant of waiting) {
        const result = await judgeMutant(copy, mutant, { ...options, commit: run.commit });
        // Read and written for each, so that runs of two judges at the same time keep each other's results.
        results = mergeResults(mutants, readResults(), { runs, mutants: [result] });
        writeResults(results);
        done += 1;
        print(progressLine(result, done, selected.length));
      }
    };
    await Promise.all(copies.map(workThrough));
    print(`\n${formatResults(results.mutants)}`);

    return results;
  } finally {
    for (const { clear } of copies) clear();
  }
};

const selectMutants = (only: readonly string[] | undefined): readonly Mutant[] => {
  const unknown = only?.filter((name) => mutants.every((mutant) => mutant.name !== name)) ?? [];
  if (unknown.length > 0) throw new CliError(`There is no mutant ${unknown.join(', ')}.`);

  return only ? mutants.filter(({ name }) => only.includes(name)) : mutants;
};

/** A judge that finds a fault in the code as it is says nothing about a mutant. */
const requireClean = async (
  { folder }: WorkingCopy,
  selected: readonly Mutant[],
  { judges, simulation, signal, print }: MutantRunOptions,
): Promise<void> => {
  const tests = [...new Set(selected.flatMap(({ unitTests }) => unitTests))];
  for (const judge of judges) {
    const { isKilled, first, seconds } =
      judge === 'tests'
        ? await judgeByTests(tests, { folder, signal })
        : await judgeBySimulation(simulation, { folder, signal });
    if (isKilled)
      throw new CliError(`Without a mutant, the ${judge} already find a fault: ${first}`);
    print(`${judge} without a mutant: no fault, ${seconds} s`);
  }
};

const judgeMutant = (
  { folder, withMutant }: WorkingCopy,
  mutant: Mutant,
  { judges, simulation, signal, commit }: MutantRunOptions & { readonly commit: string },
): Promise<MutantResult> =>
  withMutant(mutant, async () => {
    const { name, kind, breaks } = mutant;
    const verdicts: Partial<Record<Judge, RecordedVerdict>> = {};
    if (judges.includes('tests')) {
      verdicts.tests = { ...(await judgeByTests(mutant.unitTests, { folder, signal })), commit };
    }
    if (judges.includes('simulation')) {
      verdicts.simulation = {
        ...(await judgeBySimulation(simulation, { folder, signal })),
        commit,
      };
    }

    return { name, kind, breaks, ...verdicts };
  });

const progressLine = (
  { name, tests, simulation }: MutantResult,
  done: number,
  total: number,
): string => {
  const verdicts = Object.entries({ tests, simulation }).flatMap(([judge, verdict]) =>
    verdict ? [`${judge} ${verdict.isKilled ? 'kill' : 'MISS'} it in ${verdict.seconds} s`] : [],
  );

  return `${done}/${total} ${name}: ${verdicts.join(', ')}`;
};

const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

const describeRun = (): RunDescription => {
  const changes = git('status', '--porcelain', '--', '.', `:!${resultsFile}`);

  return {
    date: new Date().toISOString(),
    commit: `${git('rev-parse', '--short', 'HEAD')}${changes && '+'}`,
    machine: `${availableParallelism()} x ${cpus()[0]?.model.trim()}, Node ${process.version}`,
  };
};
