import type { Order, PricedLine } from '../orders/order.ts';
import {
  findRefundedLine,
  type RefundedLine,
  type RefundedLines,
  type RequestedLine,
} from '../payments/refunded-lines.ts';
import type { RefundLine } from './refund.ts';

/** Replaces the entry of a SKU; removes it if nothing of it is refunded. */
const withRefundedLine = (refundedLines: RefundedLines, entry: RefundedLine): RefundedLines => [
  ...refundedLines.filter(({ sku }) => sku !== entry.sku),
  ...(entry.quantity > 0 || entry.amount > 0 ? [entry] : []),
];

/** The part of an order that prices its lines. */
export type PricingBasis = Pick<Order, 'lines' | 'subtotal' | 'total'>;

/**
 * The price of each line after its share of the discount, in minor units. The prices sum to the order's
 * total. The remainder of rounding down goes to the lines with the largest fractions.
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

/** BigInt, because the product of two amounts may exceed 2^53 - 1. */
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
 * Prices the requested lines, given the lines refunded before. Prices are cumulative per line: the refunds of
 * all its units sum to its price, however they are split. The sum never exceeds `remaining`; lines beyond it
 * cost 0.
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
    // Later refunds may have taken the rounding share of a refund that failed since.
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
 * Adds the remainder to the last line, so that the lines of a full refund sum to the remaining amount. A
 * remainder exists if units were refunded for less, while another refund by amount had set money aside, and
 * that refund failed.
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

/** Removes the lines of a failed refund. */
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

/** Merges lines to one per SKU and restock choice, in order of first mention. */
export const mergeRequestedLines = (lines: readonly RequestedLine[]): RequestedLine[] => {
  const merged = new Map<string, RequestedLine>();
  for (const line of lines) {
    const name = JSON.stringify([line.sku, line.restock]);
    const quantity = (merged.get(name)?.quantity ?? 0) + line.quantity;
    merged.set(name, { ...line, quantity });
  }

  return [...merged.values()];
};
