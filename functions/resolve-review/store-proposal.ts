import type { Database } from '../../shared/config/platform.ts';
import type { Proposal, Resolution, Review } from '../../shared/domain/reviews/review.ts';
import { type AuditLog, auditActorOf } from '../../shared/persistence/audit-log.ts';
import { tryCommit } from '../../shared/persistence/dynamodb/transaction.ts';
import type { ReviewRepository } from '../../shared/persistence/review-repository.ts';

/** A resolution by a person: it has a scope. */
export type OperatorResolution = Resolution & Required<Pick<Resolution, 'scope'>>;

/** Stores a proposal. Returns false if the review has changed since it was read. */
export type StoreProposal = (
  review: Review,
  resolution: OperatorResolution,
  proposal: Proposal,
) => Promise<boolean>;

interface Dependencies {
  readonly db: Database;
  readonly reviews: Pick<ReviewRepository, 'propose'>;
  readonly audits: Pick<AuditLog, 'appendWrite'>;
}

/** The proposal and its audit entry, which names the proposal that it replaces, are one transaction. */
export const createStoreProposal =
  ({ db, reviews, audits }: Dependencies): StoreProposal =>
  (review, { by: sub, name, scope, reason, decision, at }, proposal) => {
    const { reviewId, paymentId, amountAtRisk, currency, version, proposal: replaced } = review;
    const audit = audits.appendWrite({
      at,
      ...auditActorOf({ sub, ...(name !== undefined && { name }), scope }),
      reason,
      action: 'propose-resolution',
      subject: reviewId,
      detail: {
        ...{ paymentId, version, amountAtRisk, currency },
        ...(replaced && { before: { by: replaced.by, decision: replaced.decision } }),
        after: { by: sub, decision },
      },
    });

    return tryCommit(db, [reviews.propose(review, proposal), audit]);
  };
