import type { PaymentStatus } from '../../shared/domain/payments/payment.ts';

/** The event could not be built: a review was opened, and the item is no longer due. */
export type EventNotBuiltResult = 'EVENT_NOT_BUILT';

/** An expired order that is cancelled now. Orders expire by design, so none was stuck. */
export type OrderRecoveryResult = 'ORDER_EXPIRED' | 'already-handled';

/**
 * A refund that was never sent to the gateway, one with an unknown outcome, or one under review without a
 * stored review.
 */
export type RefundRecoveryResult =
  | 'REFUND_NOT_SENT'
  | 'REFUND_OUTCOME_UNKNOWN'
  | 'REFUND_REVIEW_MISSING'
  | 'already-handled';

/** The state in which an item was found. 'already-handled': another sweep or its own consumer was first. */
export type RecoveryResult =
  | PaymentStatus
  | 'COMPARISON_PENDING'
  | RefundRecoveryResult
  | OrderRecoveryResult
  | EventNotBuiltResult;

type RecoveryState = RecoveryResult | 'failed';

/** How many items were found in each state, and the faults of failed recoveries. */
export interface SweepResult {
  readonly found: Partial<Record<RecoveryState, number>>;
  /** How many of them were stuck. */
  readonly overdue: number;
  /** How many were found, at least, but not handled in time. */
  readonly left: number;
  readonly faults: readonly string[];
}

/**
 * The states that count as stuck. An inquiry may be due hours later and waits for a sweep by design, so the
 * others do not.
 */
const stuckStates: readonly RecoveryState[] = [
  'RESERVED',
  'CHARGING',
  'FAILED',
  'IN_REVIEW',
  'COMPLETED',
  'REFUND_NOT_SENT',
  'REFUND_REVIEW_MISSING',
  'failed',
];

const stateOf = (result: PromiseSettledResult<RecoveryResult>): RecoveryState =>
  result.status === 'fulfilled' ? result.value : 'failed';

/** Summarizes the results of a sweep. */
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
