import type { Cast } from '../people/cast.ts';
import type { RunResult } from '../run-seed.ts';

/** What can be left out of a run. */
export interface RunParts {
  /** The names of the faults that occur. */
  readonly faults: readonly string[];
  readonly cast: Cast;
  /** How long faults can occur, in milliseconds of virtual time. */
  readonly chaosMs: number;
  /** All of the gateway's if absent. */
  readonly paymentMethods?: readonly string[];
}

/** What shrinking needs to know of a run. */
export type ShrunkResult = Pick<RunResult, 'findings' | 'faultNames' | 'cast' | 'chaosMs'>;

export interface ShrinkOptions<Result extends ShrunkResult> {
  /** A run with a finding. */
  readonly first: Result;
  /** Runs the same seed with these parts. */
  readonly play: (parts: RunParts) => Promise<Result>;
  /** The ways to pay. One alone is tried of each. */
  readonly paymentMethods: readonly string[];
  readonly onProgress?: (parts: RunParts, runs: number) => void;
}

export interface Shrunk<Result extends ShrunkResult> {
  readonly parts: RunParts;
  /** The run with these parts. */
  readonly result: Result;
  /** How many runs it took. */
  readonly runs: number;
}

type NumberOfCast = {
  [Name in keyof Cast]: Cast[Name] extends number ? Name : never;
}[keyof Cast];

/** The parts of the cast that are numbers, with the least of each. */
const leastOf: Readonly<Record<NumberOfCast, number>> = {
  presses: 0,
  externalWrites: 0,
  operators: 0,
  operatorRounds: 1,
  coupons: 0,
  buyers: 1,
  products: 1,
};

const shortestChaosMs = 5_000;

/** Each pass begins with less. Most runs need two. */
const maxPasses = 4;

const sizeOf = ({ faults, cast, chaosMs, paymentMethods = [] }: RunParts): string =>
  JSON.stringify([faults.length, cast, chaosMs, paymentMethods]);

/**
 * Finds a smaller run of a seed with the same finding: fewer faults, then fewer people and things, then less time and one way
 * to pay. Delta debugging: leaves out large parts first, then smaller ones. Throws if the first run has no finding.
 */
export const shrink = async <Result extends ShrunkResult>(
  options: ShrinkOptions<Result>,
): Promise<Shrunk<Result>> => {
  const { first, play, paymentMethods, onProgress } = options;
  const check = first.findings[0]?.check;
  if (check === undefined) throw new Error('A run without a finding cannot be shrunk.');
  let smallest: { parts: RunParts; result: Result } = {
    parts: { faults: first.faultNames, cast: first.cast, chaosMs: first.chaosMs },
    result: first,
  };
  let runs = 0;

  /** Whether a run with this change has the finding too. It is the smallest then. */
  const accepts = async (change: Partial<RunParts>): Promise<boolean> => {
    const parts = { ...smallest.parts, ...change };
    const result = await play(parts);
    runs += 1;
    const isFound = result.findings.some((finding) => finding.check === check);
    if (isFound) {
      const occurred = new Set(result.faultNames);
      const faults = parts.faults.filter((name) => occurred.has(name));
      smallest = { parts: { ...parts, faults }, result };
    }
    onProgress?.(smallest.parts, runs);

    return isFound;
  };

  const withCast = (change: Partial<Cast>) => ({ cast: { ...smallest.parts.cast, ...change } });

  const hasStory = (change: Partial<Cast>) => {
    const { stories, stepStories } = withCast(change).cast;

    return stories.length + stepStories.length > 0;
  };

  const dropFaults = async (): Promise<void> => {
    if (smallest.parts.faults.length === 0 || (await accepts({ faults: [] }))) return;
    await dropItems(
      () => smallest.parts.faults,
      (faults) => accepts({ faults }),
    );
  };

  const shrinkCast = async (): Promise<void> => {
    for (const name of ['stepStories', 'stories'] as const)
      await dropItems(
        () => smallest.parts.cast[name],
        async (left) => hasStory({ [name]: left }) && (await accepts(withCast({ [name]: left }))),
      );
    for (const name of Object.keys(leastOf) as NumberOfCast[])
      await lower(smallest.parts.cast[name], leastOf[name], (value) =>
        accepts(withCast({ [name]: value })),
      );
    if (smallest.parts.cast.hasDamage) await accepts(withCast({ hasDamage: false }));
  };

  const shortenChaos = async (): Promise<void> => {
    const before = smallest.parts.chaosMs;
    for (let chaosMs = shortestChaosMs; chaosMs < before; chaosMs *= 2)
      if (await accepts({ chaosMs })) return;
  };

  const chooseMethod = async (): Promise<void> => {
    if (smallest.parts.paymentMethods !== undefined) return;
    for (const method of paymentMethods) if (await accepts({ paymentMethods: [method] })) return;
  };

  for (let pass = 1; pass <= maxPasses; pass += 1) {
    const before = sizeOf(smallest.parts);
    await dropFaults();
    await shrinkCast();
    await shortenChaos();
    await chooseMethod();
    if (sizeOf(smallest.parts) === before) break;
  }

  return { ...smallest, runs };
};

/** Leaves out halves, then quarters, down to single items. */
const dropItems = async <Item>(
  read: () => readonly Item[],
  accepts: (items: readonly Item[]) => Promise<boolean>,
): Promise<void> => {
  for (let size = Math.ceil(read().length / 2); size >= 1; size = Math.floor(size / 2)) {
    let from = 0;
    while (from < read().length) if (!(await accepts(read().toSpliced(from, size)))) from += size;
  }
};

/** Tries the least value, then a half, then one less. */
const lower = async (
  value: number,
  least: number,
  accepts: (value: number) => Promise<boolean>,
): Promise<void> => {
  const values = [least, Math.floor((value + least) / 2), value - 1];
  for (const smaller of new Set(values))
    if (smaller >= least && smaller < value && (await accepts(smaller))) return;
};
