import type { OrderLine } from '../orders/order.ts';

/** Units of a SKU that are refunded or set aside for a refund, and the part of the payment they took. */
export interface RefundedLine extends OrderLine {
  readonly amount: number;
}

/** One entry per SKU. A list, because a map would have external text as its keys. */
export type RefundedLines = readonly RefundedLine[];

/** Units that a refund requests. */
export interface RequestedLine extends OrderLine {
  readonly restock: boolean;
}

type StoredRefundedLines = RefundedLines | Readonly<Record<string, Omit<RefundedLine, 'sku'>>>;

const isList = (refundedLines: StoredRefundedLines): refundedLines is RefundedLines =>
  Array.isArray(refundedLines);

/** The refunded lines of a stored payment. Earlier versions stored a map by SKU. */
export const refundedLinesOf = ({
  refundedLines = [],
}: {
  readonly refundedLines?: StoredRefundedLines;
}): RefundedLines =>
  isList(refundedLines)
    ? refundedLines
    : Object.entries(refundedLines).map(([sku, line]) => ({ ...line, sku }));

/** Returns the entry of a SKU, or an entry of zero units. */
export const findRefundedLine = (refundedLines: RefundedLines, sku: string): RefundedLine =>
  refundedLines.find((line) => line.sku === sku) ?? { sku, quantity: 0, amount: 0 };
