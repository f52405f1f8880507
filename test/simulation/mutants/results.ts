import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { table } from '../../../dev/cli/markdown.ts';
import { root } from '../../../dev/cli/paths.ts';
import type { Mutant } from './mutant.ts';

/** Whether a judge noticed a fault. */
export interface Verdict {
  readonly isKilled: boolean;
  readonly seconds: number;
  /** The first failed test, or the first finding of the simulation. */
  readonly first?: string;
  /** Seeds that the simulation has run. */
  readonly seeds?: number;
}

/** A verdict with the commit that it is about, with a plus if the working tree had changes. */
export interface RecordedVerdict extends Verdict {
  readonly commit: string;
}

/** What judges a mutant: its unit tests, and the simulation. */
export type Judge = 'tests' | 'simulation';

export interface MutantResult extends Pick<Mutant, 'name' | 'kind' | 'breaks'> {
  readonly tests?: RecordedVerdict;
  readonly simulation?: RecordedVerdict;
}

/** When, on what and from which commit a judge has run last. */
export interface RunDescription {
  /** ISO 8601. */
  readonly date: string;
  /** With a plus if the working tree had changes. */
  readonly commit: string;
  readonly machine: string;
}

/** The content of results.json. A run of some mutants, or of one judge, keeps the other results. */
export interface MutantResults {
  readonly runs: Partial<Record<Judge, RunDescription>>;
  readonly mutants: readonly MutantResult[];
}

/** Path from the root of the repository. */
export const resultsFile = 'test/simulation/mutants/results.json';

const path = join(root, resultsFile);

export const readResults = (): MutantResults =>
  existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { runs: {}, mutants: [] };

export const writeResults = (results: MutantResults): void =>
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);

/** Adds new results to earlier ones, in the order of the mutants. Results of mutants that are gone are dropped. */
export const mergeResults = (
  mutants: readonly Mutant[],
  earlier: MutantResults,
  found: MutantResults,
): MutantResults => {
  const resultOf = ({ mutants: results }: MutantResults, { name }: Mutant) =>
    results.find((result) => result.name === name);

  return {
    runs: { ...earlier.runs, ...found.runs },
    mutants: mutants.flatMap((mutant): MutantResult[] => {
      const verdicts = { ...resultOf(earlier, mutant), ...resultOf(found, mutant) };
      const { name, kind, breaks } = mutant;

      return 'name' in verdicts ? [{ ...verdicts, name, kind, breaks }] : [];
    }),
  };
};

/** Whether a mutant was judged and nothing noticed it. */
export const hasSurvived = ({ tests, simulation }: MutantResult): boolean =>
  !tests?.isKilled && !simulation?.isKilled;

export const countSeeds = (seeds: number): string => `${seeds} ${seeds === 1 ? 'seed' : 'seeds'}`;

const describeVerdict = (verdict: Verdict | undefined): string => {
  if (verdict === undefined) return 'not run';
  const { isKilled, first = '', seeds } = verdict;
  const seedCount = seeds === undefined ? '' : ` (${countSeeds(seeds)})`;

  return isKilled ? `${first.replaceAll('|', '\\|')}${seedCount}` : `survives${seedCount}`;
};

/** The results as a Markdown table. */
export const mutantTable = (results: readonly MutantResult[]): string =>
  table(
    ['mutant', 'breaks', 'killed by tests', 'killed by the simulation'],
    results.map(({ name, breaks, tests, simulation }) => [
      `\`${name}\``,
      breaks,
      describeVerdict(tests),
      describeVerdict(simulation),
    ]),
  );

/** The table, and the names of the survivors. */
export const formatResults = (results: readonly MutantResult[]): string => {
  const survivors = results.filter(hasSurvived).map(({ name }) => name);
  const summary =
    survivors.length === 0 ? 'No mutant survives.' : `Survivors: ${survivors.join(', ')}.`;

  return `${mutantTable(results)}\n\n${summary}`;
};
