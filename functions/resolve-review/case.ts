import type { Decision, Resolution, Review } from '../../shared/domain/review.ts';

/** Written; or another write moved the payment, refund or review first. */
export type Written = 'settled' | 'superseded';

/** What may be decided of a review, and the one transaction that makes a decision true. */
export interface Case {
  readonly decisions: readonly Decision[];
  readonly write: (resolution: Resolution) => Promise<Written>;
}

export type CaseOf = (review: Review) => Promise<Case>;
