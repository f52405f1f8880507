import { batched, billOf, totalOf, withProvisionedWrites } from '../../../test/bench/cost/bill.ts';
import { type Counts, total } from '../../../test/bench/counts/counts.ts';
import { sum } from '../../../test/bench/measure/statistics.ts';
import { table } from '../../cli/markdown.ts';
import { dollars, ms, part, whole } from './figures.ts';
import type { BenchResults } from './results.ts';

interface Goal {
  readonly what: string;
  /** The highest value that meets the goal, or the lowest. */
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly measured: number;
  /** Renders a value with its unit. */
  readonly text: (value: number) => string;
}

const bytes = (value: number) => `${whole(value)} bytes`;

const kindOf = ({ counts }: BenchResults, name: string): Counts => {
  const kind = counts.kinds[name];
  if (kind === undefined) throw new Error(`The counts have no payment "${name}".`);

  return kind;
};

const acceptOf = (kind: Counts) => {
  const accept = kind.functions['accept-payment'];
  if (accept === undefined) throw new Error('The counts have no accept-payment.');

  return accept;
};

const ofUnits = (results: BenchResults): Goal[] => {
  const approved = kindOf(results, 'approved');
  const accept = acceptOf(approved);
  const orderSent = acceptOf(kindOf(results, 'approved, order sent'));

  return [
    {
      what: 'write units of an approved payment',
      atMost: 26,
      measured: total(approved, 'writeUnits'),
      text: whole,
    },
    {
      what: 'round trips to DynamoDB of an approved payment',
      atMost: 13,
      measured: total(approved, 'roundTrips'),
      text: whole,
    },
    { what: 'write units of an accept', atMost: 10, measured: accept.writeUnits, text: whole },
    { what: 'round trips of an accept', atMost: 2, measured: accept.roundTrips, text: whole },
    {
      what: 'round trips of an accept whose request has the order',
      atMost: 1,
      measured: orderSent.roundTrips,
      text: whole,
    },
  ];
};

const ofDollars = (results: BenchResults): Goal[] => {
  const { deployed } = results.counts;
  const bill = (name: string) => billOf(kindOf(results, name), deployed, batched);
  const million = (what: string, atMost: number, lines: ReturnType<typeof bill>): Goal => ({
    what: `a million payments, ${what}`,
    atMost,
    measured: totalOf(lines),
    text: dollars,
  });

  return [
    million('approved', 27, bill('approved')),
    million('approved, with provisioned writes', 18, withProvisionedWrites(bill('approved'))),
    million('declined', 35, bill('declined')),
    million('rejected at accept', 15, bill('out of stock')),
  ];
};

const ofProcessorTime = (results: BenchResults): Goal[] => {
  const { variants } = results.cold;
  const firstAccept = variants['as deployed']?.firstRequest;
  if (firstAccept === undefined) throw new Error('The cold starts have no first accept.');
  const inBatches = kindOf(results, 'approved').batched;
  if (inBatches === undefined) throw new Error('The approved payment has no counts in batches.');

  return [
    {
      what: 'processor time of a warm accept',
      atMost: 1.1,
      measured: inBatches['accept-payment']?.cpuMs ?? Number.NaN,
      text: ms,
    },
    {
      what: 'processor time of the first accept of an environment',
      atMost: 20,
      measured: firstAccept.cpuMs.median,
      text: ms,
    },
    {
      what: 'logs of a payment, in batches',
      atMost: 1_500,
      measured: sum(Object.values(inBatches).map(({ logBytes }) => logBytes)),
      text: bytes,
    },
  ];
};

/** The length of time for which a transaction holds its items that the goals are stated for. */
const holdMs = 15;
const perSecond = 1_000;

/** The best number of shards among those of the model. */
const ofOneProduct = ({ conflict }: BenchResults): Goal[] => {
  const best = conflict.runs
    .filter(({ scenario }) => scenario.holdMs === holdMs && scenario.perSecond === perSecond)
    .toSorted((a, b) => a.result.p99Ms - b.result.p99Ms)[0];
  if (best === undefined) throw new Error(`The conflict model has no run of ${perSecond}/s.`);
  const { scenario, result } = best;
  const what = `one product at ${whole(perSecond)}/s with ${scenario.stockShards} shards (model)`;

  return [
    { what: `${what}: accepted`, atLeast: 0.99, measured: result.accepted, text: part },
    { what: `${what}: p99`, atMost: 150, measured: result.p99Ms, text: ms },
  ];
};

const isMet = ({ atMost = Infinity, atLeast = -Infinity, measured }: Goal) =>
  measured <= atMost && measured >= atLeast;

/** The goals of processor time, cost and contention: what is measured, and whether it is met. */
export const goalTable = (results: BenchResults): string =>
  table(
    ['', 'goal', 'measured', 'met'],
    [
      ...ofUnits(results),
      ...ofDollars(results),
      ...ofProcessorTime(results),
      ...ofOneProduct(results),
    ].map((goal) => [
      goal.what,
      goal.atLeast === undefined
        ? `at most ${goal.text(goal.atMost ?? Number.NaN)}`
        : `at least ${goal.text(goal.atLeast)}`,
      goal.text(goal.measured),
      isMet(goal) ? 'yes' : '**no**',
    ]),
  );
