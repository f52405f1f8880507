import { isDeepStrictEqual } from 'node:util';
import type { OpenPayment } from '../../domain/reconciliation/charges.ts';
import { judge } from '../../domain/reconciliation/compare-snapshots.ts';
import type { Disagreement, Finding, Subject } from '../../domain/reconciliation/discrepancy.ts';
import { type Counters, type Histories, positionsIn } from '../../domain/reconciliation/records.ts';
import { subjectKey } from '../../domain/reconciliation/unreadable-items.ts';

/** What the books and the PG say of each other. */
export interface Proof {
  /** Everything was judged, and everything agrees. */
  readonly isProved: boolean;
  readonly disagreements: readonly Disagreement[];
  /** What does not agree, and is no more than bookings that are recorded as skipped account for. */
  readonly explained: readonly Disagreement[];
  /** What moved whenever it was looked at, and so was not judged. */
  readonly unsettled: readonly Subject[];
  readonly open: readonly OpenPayment[];
  /** How much of each kind was read. */
  readonly counts: Readonly<
    Record<Exclude<keyof (Histories & Counters), 'skips' | `unreadable${string}`>, number>
  >;
}

interface Sources {
  readonly histories: () => Promise<Histories>;
  readonly counters: () => Promise<Counters>;
  /** How often the counters are read at most. */
  readonly mostRounds?: number;
}

type Found = Required<Pick<Finding, 'disagreements' | 'explained'>>;

type Decided = Map<string, Found>;

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
      .filter((subject) => !decided.has(subjectKey(subject)));
    if (unsettled.length === 0 || round === mostRounds) {
      const found = [...decided.values()];
      const disagreements = found.flatMap((each) => each.disagreements);
      const explained = found.flatMap((each) => each.explained);
      const isProved = unsettled.length === 0 && disagreements.length === 0;

      return {
        isProved,
        disagreements,
        explained,
        unsettled,
        open,
        counts: countsOf(counted, after),
      };
    }
    before = positionsIn(after);
  }
};

/** Adds what is certain now; gives what will be if it is found again. */
const decide = (findings: readonly Finding[], suspected: Decided, decided: Decided): Decided => {
  const open = findings.filter(
    ({ subject, isStill }) => isStill && !decided.has(subjectKey(subject)),
  );
  for (const finding of open) {
    const key = subjectKey(finding.subject);
    const found = foundIn(finding);
    const isCertain = isClean(found) || isDeepStrictEqual(found, suspected.get(key));
    if (isCertain) decided.set(key, found);
  }

  return new Map(open.map((finding) => [subjectKey(finding.subject), foundIn(finding)]));
};

const foundIn = ({ disagreements, explained = [] }: Finding): Found => ({
  disagreements,
  explained,
});

const isClean = ({ disagreements, explained }: Found) =>
  disagreements.length === 0 && explained.length === 0;

const countsOf = (counters: Counters, histories: Histories): Proof['counts'] => {
  const { payments, undone, refunds, orders } = histories;
  const { balances, products, coupons, charges } = counters;

  return {
    payments: payments.length,
    undone: undone.length,
    refunds: refunds.length,
    orders: orders.length,
    balances: balances.length,
    products: products.length,
    coupons: coupons.length,
    charges: charges.length,
  };
};
