import type { PaymentStatus } from '../../shared/domain/payments/payment.ts';

/** The event that it needs cannot be built: a review says so, and it is not due any more. */
export type EventNotBuiltResult = 'EVENT_NOT_BUILT';

/** An order that expired and is cancelled now. Orders end so by design: it counts as nothing forgotten. */
export type OrderRecoveryResult = 'ORDER_EXPIRED' | 'already-handled';

/**
 * Of a refund that nobody asked the PG for, of one of which the PG's answer is not known yet, or of one under review without a stored
 * review.
 */
export type RefundRecoveryResult =
  | 'REFUND_NOT_SENT'
  | 'REFUND_OUTCOME_UNKNOWN'
  | 'REFUND_UNLISTED'
  | 'already-handled';

/** What was found in which state; 'already-handled' is what another sweep or its own way took in hand first. */
export type RecoveryResult =
  | PaymentStatus
  | 'NOT_COMPARED'
  | RefundRecoveryResult
  | OrderRecoveryResult
  | EventNotBuiltResult;

type RecoveryState = RecoveryResult | 'failed';

/** How many were found in which state, and what kept any from being mended. */
export interface SweepResult {
  readonly found: Partial<Record<RecoveryState, number>>;
  /** Of those, how many should have moved without a sweeper. */
  readonly overdue: number;
  /** How many were found, at least, that there was no time for. */
  readonly left: number;
  readonly faults: readonly string[];
}

/** The PG may be asked about the others hours from now, and a sweep is what asks. */
const stuckStates: readonly RecoveryState[] = [
  'RESERVED',
  'CHARGING',
  'FAILED',
  'IN_REVIEW',
  'COMPLETED',
  'REFUND_NOT_SENT',
  'REFUND_UNLISTED',
  'failed',
];

const stateOf = (result: PromiseSettledResult<RecoveryResult>): RecoveryState =>
  result.status === 'fulfilled' ? result.value : 'failed';

/** The count of a sweep. */
export const summarize = (
  results: readonly PromiseSettledResult<RecoveryResult>[],
  left = 0,
): SweepResult => {
  const states = results.map(stateOf);
  const found: Partial<Record<RecoveryState, number>> = {};
  for (const state of states) found[state] = (found[state] ?? 0) + 1;

  return {
    found,
    overdue: states.filter((state) => stuckStates.includes(state)).length,
    left,
    faults: results.flatMap((result) => (result.status === 'rejected' ? `${result.reason}` : [])),
  };
};
