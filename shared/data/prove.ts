import type { OpenPayment } from '../domain/ledger/charges.ts';
import type { Disagreement, Finding, Subject } from '../domain/ledger/finding.ts';
import { type Counters, type Histories, positionsIn } from '../domain/ledger/reading.ts';
import { judge } from '../domain/ledger.ts';

/** What the books and the PG say of each other. */
export interface Proof {
  /** Everything was judged, and everything agrees. */
  readonly isProved: boolean;
  readonly disagreements: readonly Disagreement[];
  /** What moved whenever it was looked at, and so was not judged. */
  readonly unsettled: readonly Subject[];
  readonly open: readonly OpenPayment[];
  /** How much of each kind was read. */
  readonly counts: Readonly<Record<keyof Histories | keyof Counters, number>>;
}

interface Sources {
  readonly histories: () => Promise<Histories>;
  readonly counters: () => Promise<Counters>;
  /** How often the counters are read at most. */
  readonly mostRounds?: number;
}

type Decided = Map<string, readonly Disagreement[]>;

const keyOf = ({ kind, id }: Subject) => `${kind} ${id}`;

/**
 * Proves the books while payments go on. Histories and counters are read in turns until each subject was found in order once, or not in
 * order in the same way twice: a transaction that was half to be seen by the first reading is whole by the second.
 */
export const prove = async ({ histories, counters, mostRounds = 4 }: Sources): Promise<Proof> => {
  const decided: Decided = new Map();
  let suspected: Decided = new Map();
  let before = positionsIn(await histories());
  for (let round = 1; ; round += 1) {
    const counted = await counters();
    const after = await histories();
    const { findings, open } = judge(before, counted, after);
    suspected = decide(findings, suspected, decided);
    const unsettled = findings
      .map(({ subject }) => subject)
      .filter((subject) => !decided.has(keyOf(subject)));
    if (unsettled.length === 0 || round === mostRounds) {
      const disagreements = [...decided.values()].flat();
      const isProved = unsettled.length === 0 && disagreements.length === 0;

      return { isProved, disagreements, unsettled, open, counts: countsOf(counted, after) };
    }
    before = positionsIn(after);
  }
};

/** Adds what is certain now; gives what will be if it is found again. */
const decide = (findings: readonly Finding[], suspected: Decided, decided: Decided): Decided => {
  const open = findings.filter(({ subject, isStill }) => isStill && !decided.has(keyOf(subject)));
  for (const { subject, disagreements } of open) {
    const key = keyOf(subject);
    const isCertain = disagreements.length === 0 || isSame(disagreements, suspected.get(key));
    if (isCertain) decided.set(key, disagreements);
  }

  return new Map(open.map(({ subject, disagreements }) => [keyOf(subject), disagreements]));
};

const isSame = (found: readonly Disagreement[], before: readonly Disagreement[] | undefined) =>
  JSON.stringify(found) === JSON.stringify(before);

const countsOf = (counters: Counters, histories: Histories): Proof['counts'] => {
  const lengths = Object.entries({ ...histories, ...counters }).map(([name, { length }]) => [
    name,
    length,
  ]);

  return Object.fromEntries(lengths);
};
