import type { Deployment } from '../../support/cdk/deployment/deployed-resources.ts';
import { coverageUniverse, faultUniverse } from './universe.ts';

/** What runs have gone through, and what they have not. */
export interface Coverage {
  readonly add: (marks: readonly string[]) => void;
  /** How many of these runs left each mark, in the order of the marks. */
  readonly counts: () => ReadonlyMap<string, number>;
  /** Marks of the universe that no run left, without faults. */
  readonly missing: () => readonly string[];
  /** Faults that never occurred at a call that had others. */
  readonly missingFaults: () => readonly string[];
}

export const createCoverage = (
  deployment: Pick<Deployment, 'consumers' | 'streams' | 'stateMachines'>,
): Coverage => {
  const counts = new Map<string, number>();
  const withoutRun = (marks: readonly string[]) => marks.filter((mark) => !counts.has(mark));

  return {
    add: (marks) => {
      for (const mark of marks) counts.set(mark, (counts.get(mark) ?? 0) + 1);
    },
    counts: () => new Map([...counts].toSorted(([one], [other]) => (one < other ? -1 : 1))),
    missing: () => withoutRun(coverageUniverse(deployment)),
    missingFaults: () => withoutRun(faultUniverse(counts.keys())),
  };
};

/** The report of `npm run simulate -- --coverage`. */
export const describeCoverage = (coverage: Coverage): string => {
  const [missing, missingFaults] = [coverage.missing(), coverage.missingFaults()];
  const section = (title: string, marks: readonly string[]) => [
    `${title}: ${marks.length === 0 ? 'nothing' : marks.length}`,
    ...marks.map((mark) => `  ${mark}`),
  ];
  const rare = [...coverage.counts()].filter(
    ([mark, count]) => count <= 2 && !mark.startsWith('fault: '),
  );

  return [
    ...section('Never taken', missing),
    ...section(
      'Taken in one or two runs only',
      rare.map(([mark]) => mark),
    ),
    ...section('Faults that never occurred at a call that had others', missingFaults),
  ].join('\n');
};
