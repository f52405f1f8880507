/** What the PG can be asked for. */
export const pgOperations = ['charge', 'inquire', 'cancel', 'refund', 'inquireRefund'] as const;

/** How a request to the PG can end, in the classes of the port. */
export const pgOutcomes = [
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
export interface Asked {
  readonly operation: (typeof pgOperations)[number];
  readonly outcome: (typeof pgOutcomes)[number];
  readonly tookMs: number;
}
