import { table } from '../../../dev/cli/markdown.ts';
import type { Counts } from '../counts/counts.ts';
import type { CountResults } from '../counts/results.ts';
import { batched, billOf, type Deployed, type Line, oneByOne, totalOf } from './bill.ts';
import { prices } from './prices.ts';

const dollars = (amount: number) => `$${amount.toFixed(2)}`;
const quantity = (amount: number) =>
  amount.toLocaleString('en-US', { maximumSignificantDigits: 3 });

/** The bill of a million payments in both shapes, line by line. */
export const billTable = (counts: Counts, deployed: Deployed): string => {
  const ours = billOf(counts, deployed, batched);
  const theirs = billOf(counts, deployed, oneByOne);

  return table(
    ['for a million payments', 'of each', batched.name, 'of each', oneByOne.name],
    [
      ...ours.map((line, index) => [
        line.name,
        quantity(line.quantity),
        dollars(line.dollars),
        quantity(theirs[index]?.quantity ?? Number.NaN),
        dollars(theirs[index]?.dollars ?? Number.NaN),
      ]),
      ['**together**', '', `**${dollars(totalOf(ours))}**`, '', `**${dollars(totalOf(theirs))}**`],
    ],
  );
};

/** How many times cheaper batches are: the whole bill, what Lambda has of it, and the line of those who wait. */
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

/** What a million payments of each kind cost. */
export const kindTable = ({ kinds, deployed }: CountResults): string =>
  table(
    ['payment', batched.name, oneByOne.name],
    Object.entries(kinds).map(([name, counts]) => [
      name,
      dollars(totalOf(billOf(counts, deployed, batched))),
      dollars(totalOf(billOf(counts, deployed, oneByOne))),
    ]),
  );

export const priceTable = (): string =>
  table(
    ['price', 'of a', 'read at', 'dated', 'official'],
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
  if (approved === undefined) throw new Error('Nobody counted a payment that is approved.');
  const { whole, lambda, waiting } = savings(approved, results.deployed);

  return [
    `A payment that is approved, counted on ${results.date}:\n\n${billTable(approved, results.deployed)}`,
    `\nBatches make the whole ${whole.toFixed(1)} times cheaper, Lambda’s part ${lambda.toFixed(1)} times, and what waits for other systems ${waiting.toFixed(1)} times.`,
    `\nEvery kind, for a million of it:\n\n${kindTable(results)}`,
    `\nPrices of us-east-1, without free tiers:\n\n${priceTable()}`,
  ].join('\n');
};
