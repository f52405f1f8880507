import type { Line, Order, PricedLine } from '../orders/order.ts';
import type { RefundLine } from './refund.ts';

/** Units of a sku that are refunded or about to be, and what they took of the payment. */
export interface ReturnedLine extends Line {
  readonly amount: number;
}

/** One entry a sku. A list, because a map would have outside text as its keys. */
export type ReturnedLines = readonly ReturnedLine[];

/** What is stored as returned. Earlier versions wrote a map by sku. */
export const returnedIn = ({ returned = [] }: { readonly returned?: Stored }): ReturnedLines =>
  isList(returned) ? returned : Object.entries(returned).map(([sku, line]) => ({ ...line, sku }));

type Stored = ReturnedLines | Readonly<Record<string, Omit<ReturnedLine, 'sku'>>>;

const isList = (returned: Stored): returned is ReturnedLines => Array.isArray(returned);

/** Units that a refund is asked for. */
export interface WishedLine extends Line {
  readonly restock: boolean;
}

export const returnedOf = (returned: ReturnedLines, sku: string): ReturnedLine =>
  returned.find((line) => line.sku === sku) ?? { sku, quantity: 0, amount: 0 };

/** With another entry of this sku; without one where nothing of it is returned any more. */
const withReturned = (returned: ReturnedLines, entry: ReturnedLine): ReturnedLines => [
  ...returned.filter(({ sku }) => sku !== entry.sku),
  ...(entry.quantity > 0 || entry.amount > 0 ? [entry] : []),
];

/** What lines are priced from. */
export type Priced = Pick<Order, 'lines' | 'subtotal' | 'total'>;

/**
 * What each line cost after its share of the discount, in minor units: together exactly the order's total. What is left over by
 * rounding down goes to the lines that lost most by it.
 */
export const netOfLines = ({ lines, subtotal, total }: Priced): ReadonlyMap<string, number> => {
  const shares = lines.map((line) => shareOf(line, subtotal, total));
  const leftOver = total - shares.reduce((sum, { whole }) => sum + whole, 0);
  const favoured = new Set(
    shares
      .toSorted((a, b) => (b.rest > a.rest ? 1 : b.rest < a.rest ? -1 : 0))
      .slice(0, leftOver)
      .map(({ sku }) => sku),
  );

  return new Map(shares.map(({ sku, whole }) => [sku, whole + (favoured.has(sku) ? 1 : 0)]));
};

/** In big integers, for the product of two amounts may be beyond what a number counts exactly. */
const shareOf = ({ sku, quantity, unitPrice }: PricedLine, subtotal: number, total: number) => {
  if (subtotal === 0) return { sku, whole: 0, rest: 0n };
  const product = BigInt(total) * BigInt(unitPrice * quantity);

  return { sku, whole: Number(product / BigInt(subtotal)), rest: product % BigInt(subtotal) };
};

interface PricedLines {
  readonly lines: readonly RefundLine[];
  readonly returned: ReturnedLines;
}

/**
 * The lines with what each takes of the payment, beside what was taken before. Counted from the first unit on, so that however a line is
 * taken apart, all its units together are exactly what it cost. Units and money are two limits: together the lines take no more than
 * `left` of the payment, and those for which no money is left are returned for 0.
 */
export const priced = (
  order: Priced,
  wished: readonly WishedLine[],
  before: ReturnedLines,
  left: number,
): PricedLines => {
  const nets = netOfLines(order);
  const quantities = new Map(order.lines.map(({ sku, quantity }) => [sku, quantity]));
  const lines: RefundLine[] = [];
  let returned = before;
  let money = left;
  for (const { sku, quantity, restock } of wished) {
    const soFar = returnedOf(returned, sku);
    const units = soFar.quantity + quantity;
    const due = partOf(nets.get(sku) ?? 0, units, quantities.get(sku) ?? units);
    // Where a refund failed in between, rounding may have given its share to those after it.
    const amount = Math.min(Math.max(due - soFar.amount, 0), money);
    money -= amount;
    lines.push({ sku, quantity, restock, amount });
    returned = withReturned(returned, { sku, quantity: units, amount: soFar.amount + amount });
  }

  return { lines, returned };
};

/**
 * The lines of a refund of all that is left, so that they sum to it. They cost less than that where units came back while a refund by
 * amount had its money set aside, and that refund failed: the last line takes what those units did not get.
 */
export const withExtra = ({ lines, returned }: PricedLines, left: number): PricedLines => {
  const extra = left - lines.reduce((sum, { amount }) => sum + amount, 0);
  const last = lines.at(-1);
  if (extra === 0 || last === undefined) return { lines, returned };
  const entry = returnedOf(returned, last.sku);

  return {
    lines: [...lines.slice(0, -1), { ...last, amount: last.amount + extra }],
    returned: withReturned(returned, { ...entry, amount: entry.amount + extra }),
  };
};

const partOf = (net: number, units: number, quantity: number): number =>
  Number((BigInt(net) * BigInt(units)) / BigInt(quantity));

/** What is left when a refund gives its lines back. */
export const withoutLines = (
  before: ReturnedLines,
  lines: readonly RefundLine[],
): ReturnedLines => {
  let returned = before;
  for (const line of lines) {
    const { quantity, amount } = returnedOf(returned, line.sku);
    returned = withReturned(returned, {
      sku: line.sku,
      quantity: quantity - line.quantity,
      amount: amount - line.amount,
    });
  }

  return returned;
};

/** One line a sku and choice of restocking, in order of first mention. */
export const mergeWished = (lines: readonly WishedLine[]): WishedLine[] => {
  const merged = new Map<string, WishedLine>();
  for (const line of lines) {
    const name = JSON.stringify([line.sku, line.restock]);
    const quantity = (merged.get(name)?.quantity ?? 0) + line.quantity;
    merged.set(name, { ...line, quantity });
  }

  return [...merged.values()];
};
