import type { Order, PricedLine } from '../orders/order.ts';
import {
  findRefundedLine,
  type RefundedLine,
  type RefundedLines,
  type RequestedLine,
} from '../payments/refunded-lines.ts';
import type { RefundLine } from './refund.ts';

/** With another entry of this sku; without one where nothing of it is returned any more. */
const withRefundedLine = (refundedLines: RefundedLines, entry: RefundedLine): RefundedLines => [
  ...refundedLines.filter(({ sku }) => sku !== entry.sku),
  ...(entry.quantity > 0 || entry.amount > 0 ? [entry] : []),
];

/** What lines are priced from. */
export type PricingBasis = Pick<Order, 'lines' | 'subtotal' | 'total'>;

/**
 * What each line cost after its share of the discount, in minor units: together exactly the order's total.
 * What is left over by rounding down goes to the lines that lost most by it.
 */
export const discountedLineTotals = ({
  lines,
  subtotal,
  total,
}: PricingBasis): ReadonlyMap<string, number> => {
  const shares = lines.map((line) => shareOf(line, subtotal, total));
  const leftOver = total - shares.reduce((sum, { whole }) => sum + whole, 0);
  const roundedUp = new Set(
    shares
      .toSorted((a, b) => (b.rest > a.rest ? 1 : b.rest < a.rest ? -1 : 0))
      .slice(0, leftOver)
      .map(({ sku }) => sku),
  );

  return new Map(shares.map(({ sku, whole }) => [sku, whole + (roundedUp.has(sku) ? 1 : 0)]));
};

/** In big integers, for the product of two amounts may be beyond what a number counts exactly. */
const shareOf = ({ sku, quantity, unitPrice }: PricedLine, subtotal: number, total: number) => {
  if (subtotal === 0) return { sku, whole: 0, rest: 0n };
  const product = BigInt(total) * BigInt(unitPrice * quantity);

  return { sku, whole: Number(product / BigInt(subtotal)), rest: product % BigInt(subtotal) };
};

interface PricedRefundLines {
  readonly lines: readonly RefundLine[];
  readonly refundedLines: RefundedLines;
}

/**
 * The lines with what each takes of the payment, beside what was taken before. Counted from the first unit
 * on, so that however a line is taken apart, all its units together are exactly what it cost. Units and money
 * are two limits: together the lines take no more than `left` of the payment, and those for which no money is
 * left are returned for 0.
 */
export const priceRefundLines = (
  order: PricingBasis,
  requested: readonly RequestedLine[],
  before: RefundedLines,
  remaining: number,
): PricedRefundLines => {
  const nets = discountedLineTotals(order);
  const quantities = new Map(order.lines.map(({ sku, quantity }) => [sku, quantity]));
  const lines: RefundLine[] = [];
  let refundedLines = before;
  let money = remaining;
  for (const { sku, quantity, restock } of requested) {
    const refundedBefore = findRefundedLine(refundedLines, sku);
    const units = refundedBefore.quantity + quantity;
    const due = proratedAmount(nets.get(sku) ?? 0, units, quantities.get(sku) ?? units);
    // Where a refund failed in between, rounding may have given its share to those after it.
    const amount = Math.min(Math.max(due - refundedBefore.amount, 0), money);
    money -= amount;
    lines.push({ sku, quantity, restock, amount });
    refundedLines = withRefundedLine(refundedLines, {
      sku,
      quantity: units,
      amount: refundedBefore.amount + amount,
    });
  }

  return { lines, refundedLines };
};

/**
 * The lines of a refund of all that is left, so that they sum to it. They cost less than that where units
 * came back while a refund by amount had its money set aside, and that refund failed: the last line takes
 * what those units did not get.
 */
export const allocateRemainder = (
  { lines, refundedLines }: PricedRefundLines,
  remaining: number,
): PricedRefundLines => {
  const remainder = remaining - lines.reduce((sum, { amount }) => sum + amount, 0);
  const last = lines.at(-1);
  if (remainder === 0 || last === undefined) return { lines, refundedLines };
  const entry = findRefundedLine(refundedLines, last.sku);

  return {
    lines: [...lines.slice(0, -1), { ...last, amount: last.amount + remainder }],
    refundedLines: withRefundedLine(refundedLines, { ...entry, amount: entry.amount + remainder }),
  };
};

const proratedAmount = (net: number, units: number, quantity: number): number =>
  Number((BigInt(net) * BigInt(units)) / BigInt(quantity));

/** What is left when a refund gives its lines back. */
export const releaseLines = (
  before: RefundedLines,
  lines: readonly RefundLine[],
): RefundedLines => {
  let refundedLines = before;
  for (const line of lines) {
    const { quantity, amount } = findRefundedLine(refundedLines, line.sku);
    refundedLines = withRefundedLine(refundedLines, {
      sku: line.sku,
      quantity: quantity - line.quantity,
      amount: amount - line.amount,
    });
  }

  return refundedLines;
};

/** One line a sku and choice of restocking, in order of first mention. */
export const mergeRequestedLines = (lines: readonly RequestedLine[]): RequestedLine[] => {
  const merged = new Map<string, RequestedLine>();
  for (const line of lines) {
    const name = JSON.stringify([line.sku, line.restock]);
    const quantity = (merged.get(name)?.quantity ?? 0) + line.quantity;
    merged.set(name, { ...line, quantity });
  }

  return [...merged.values()];
};
