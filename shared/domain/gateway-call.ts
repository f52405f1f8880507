/** The operations of the gateway. */
export const gatewayOperations = [
  'charge',
  'inquire',
  'cancel',
  'refund',
  'inquireRefund',
] as const;

/** The outcomes of a gateway call, as the port classifies them. */
export const gatewayOutcomes = [
  'approved',
  'declined',
  'not-sent',
  'in-progress',
  'ambiguous',
  'mismatch',
  'not-found',
  'cancelled',
  'already-captured',
  'refunded',
  'requires-action',
] as const;

/** One gateway call, stored with the transition that its answer led to. */
export interface GatewayCall {
  readonly operation: (typeof gatewayOperations)[number];
  readonly outcome: (typeof gatewayOutcomes)[number];
  readonly durationMs: number;
}
