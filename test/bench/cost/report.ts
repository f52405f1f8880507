import { table } from '../../../dev/cli/markdown.ts';
import type { Counts } from '../counts/counts.ts';
import type { CountResults } from '../counts/results.ts';
import {
  batched,
  billOf,
  type Deployed,
  type Line,
  oneByOne,
  totalOf,
  withProvisionedWrites,
} from './bill.ts';
import { prices } from './prices.ts';

const dollars = (amount: number) => `$${amount.toFixed(2)}`;
const quantity = (amount: number) =>
  amount.toLocaleString('en-US', { maximumSignificantDigits: 3 });

/** The cost of a million payments in both batch shapes, line by line. */
export const billTable = (counts: Counts, deployed: Deployed): string => {
  const ours = billOf(counts, deployed, batched);
  const theirs = billOf(counts, deployed, oneByOne);

  return table(
    [
      'per million payments',
      'quantity per payment',
      batched.name,
      'quantity per payment',
      oneByOne.name,
    ],
    [
      ...ours.map((line, index) => [
        line.name,
        quantity(line.quantity),
        dollars(line.dollars),
        quantity(theirs[index]?.quantity ?? Number.NaN),
        dollars(theirs[index]?.dollars ?? Number.NaN),
      ]),
      ['**total**', '', `**${dollars(totalOf(ours))}**`, '', `**${dollars(totalOf(theirs))}**`],
    ],
  );
};

/** How many times cheaper batches are: in total, for Lambda, and for the functions that wait. */
export const savings = (counts: Counts, deployed: Deployed) => {
  const ours = billOf(counts, deployed, batched);
  const theirs = billOf(counts, deployed, oneByOne);
  const times = (isMeant: (line: Line) => boolean) =>
    totalOf(theirs.filter(isMeant)) / totalOf(ours.filter(isMeant));

  return {
    whole: times(() => true),
    lambda: times(({ name }) => name.startsWith('Lambda')),
    waiting: times(({ name }) => name.endsWith('other systems')),
  };
};

/** The cost of a million payments of each kind. */
export const kindTable = ({ kinds, deployed }: CountResults): string =>
  table(
    ['payment', batched.name, `${batched.name}, provisioned writes`, oneByOne.name],
    Object.entries(kinds).map(([name, counts]) => [
      name,
      dollars(totalOf(billOf(counts, deployed, batched))),
      dollars(totalOf(withProvisionedWrites(billOf(counts, deployed, batched)))),
      dollars(totalOf(billOf(counts, deployed, oneByOne))),
    ]),
  );

export const priceTable = (): string =>
  table(
    ['price', 'unit', 'source', 'date', 'official page'],
    Object.values(prices).map(({ dollars: price, per, source, dated, page }) => [
      price < 0.001 ? `$${Number((price * 1e6).toPrecision(6))} a million` : dollars(price),
      per,
      source,
      dated,
      page,
    ]),
  );

export const costReport = (results: CountResults): string => {
  const approved = results.kinds.approved;
  if (approved === undefined) throw new Error('There are no counts of an approved payment.');
  const { whole, lambda, waiting } = savings(approved, results.deployed);

  return [
    `An approved payment, counted on ${results.date}:\n\n${billTable(approved, results.deployed)}`,
    `\nBatches are ${whole.toFixed(1)} times cheaper in total, ${lambda.toFixed(1)} times for Lambda, and ${waiting.toFixed(1)} times for the functions that wait for other systems.`,
    `\nEach kind, per million payments:\n\n${kindTable(results)}`,
    `\nPrices of us-east-1, without free tiers:\n\n${priceTable()}`,
  ].join('\n');
};
