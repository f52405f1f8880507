/** What the PG can be asked for. */
export const gatewayOperations = [
  'charge',
  'inquire',
  'cancel',
  'refund',
  'inquireRefund',
] as const;

/** How a request to the PG can end, in the classes of the port. */
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
] as const;

/** One request to the PG, kept with the move that its answer led to. */
export interface GatewayCall {
  readonly operation: (typeof gatewayOperations)[number];
  readonly outcome: (typeof gatewayOutcomes)[number];
  readonly durationMs: number;
}
