import { type BuyerDeclineCode, buyerDeclineCodes } from '../domain/payments/buyer-failure.ts';
import type { Declined, DeclinedCharge } from './payment-gateway.ts';

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

/** A rejection as a gateway describes it. */
interface GatewayRejection {
  readonly code: string;
  readonly message?: string | undefined;
}

/** The outcome of a rejected charge; undefined if the table does not have its code, which then proves nothing. */
export const documentedDecline = (
  table: DeclineTable,
  rejection?: GatewayRejection,
): DeclinedCharge | undefined => {
  if (!rejection || !table.has(rejection.code)) return undefined;
  const { code, message = code } = rejection;

  return declinedCharge(table, code, message);
};

/** The same for a refund. */
export const documentedRefundDecline = (
  codes: readonly string[],
  rejection?: GatewayRejection,
): Declined | undefined => {
  if (!rejection || !codes.includes(rejection.code)) return undefined;
  const { code, message: reason = code } = rejection;

  return { outcome: 'declined', code, reason };
};
