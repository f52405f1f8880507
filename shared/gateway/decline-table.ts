import { type BuyerDeclineCode, buyerDeclineCodes } from '../domain/payments/buyer-failure.ts';
import type { DeclinedCharge } from './payment-gateway.ts';

/** The code that the buyer sees, by the gateway's own decline code. */
export type DeclineTable = ReadonlyMap<string, BuyerDeclineCode>;

/** The gateway's own codes, by the code that the buyer sees. */
export type DeclineGroups = Readonly<Partial<Record<BuyerDeclineCode, readonly string[]>>>;

export const declineTable = (groups: DeclineGroups): DeclineTable =>
  new Map(
    buyerDeclineCodes.flatMap((buyerCode) =>
      (groups[buyerCode] ?? []).map((code) => [code, buyerCode] as const),
    ),
  );

/** The outcome of a decline. A code that the table does not have is `card-declined` for the buyer. */
export const declinedCharge = (
  table: DeclineTable,
  code: string,
  reason: string,
): DeclinedCharge => ({
  outcome: 'declined',
  code,
  reason,
  buyerCode: table.get(code) ?? 'card-declined',
});
