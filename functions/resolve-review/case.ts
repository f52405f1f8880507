import type { Settled } from '../../shared/data/settle.ts';
import type { Decision, Resolution, Review } from '../../shared/domain/review.ts';

/** What may be decided of a review, and the one transaction that makes a decision true. */
export interface Case {
  readonly decisions: readonly Decision[];
  readonly write: (resolution: Resolution) => Promise<Settled>;
}

export type CaseOf = (review: Review) => Promise<Case>;
