import type { Line, Order, PricedLine } from './order.ts';
import type { RefundLine } from './refund.ts';

/** Units of a sku that are refunded or about to be, and what they took of the payment. */
export interface Returned {
  readonly quantity: number;
  readonly amount: number;
}

export type ReturnedLines = Readonly<Record<string, Returned>>;

/** Units that a refund is asked for. */
export interface WishedLine extends Line {
  readonly restock: boolean;
}

const none: Returned = { quantity: 0, amount: 0 };

/** An own property only: a sku may be named like what every object has. */
export const returnedOf = (returned: ReturnedLines, sku: string): Returned =>
  (Object.hasOwn(returned, sku) ? returned[sku] : undefined) ?? none;

/**
 * What each line cost after its share of the discount, in minor units: together exactly the order's total. What is left over by
 * rounding down goes to the lines that lost most by it.
 */
export const netOfLines = ({ lines, subtotal, total }: Order): ReadonlyMap<string, number> => {
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

/**
 * The lines with what each takes of the payment, beside what was taken before. Counted from the first unit on, so that however a line is
 * taken apart, all its units together are exactly what it cost.
 */
export const priced = (
  order: Order,
  wished: readonly WishedLine[],
  before: ReturnedLines,
): { readonly lines: readonly RefundLine[]; readonly returned: ReturnedLines } => {
  const nets = netOfLines(order);
  const quantities = new Map(order.lines.map(({ sku, quantity }) => [sku, quantity]));
  const lines: RefundLine[] = [];
  let returned = before;
  for (const { sku, quantity, restock } of wished) {
    const soFar = returnedOf(returned, sku);
    const units = soFar.quantity + quantity;
    const due = partOf(nets.get(sku) ?? 0, units, quantities.get(sku) ?? units);
    // Where a refund failed in between, rounding may have given its share to those after it.
    const amount = Math.max(due - soFar.amount, 0);
    lines.push({ sku, quantity, restock, amount });
    returned = { ...returned, [sku]: { quantity: units, amount: soFar.amount + amount } };
  }

  return { lines, returned };
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
    const left = { quantity: quantity - line.quantity, amount: amount - line.amount };
    returned = { ...returned, [line.sku]: left };
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
