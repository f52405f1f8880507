import { RejectionError } from '../errors.ts';
import { requestHashOf } from '../ids.ts';
import type { ResolutionPlan } from './resolution-plan.ts';
import type { Proposal, Resolution, Review } from './review.ts';

/** Whether a decision on the review needs a second person. A limit of 0 never asks for one. */
export const needsSecondPerson = (
  { amountAtRisk }: Pick<Review, 'amountAtRisk'>,
  approvalAmount: number,
): boolean => approvalAmount > 0 && amountAtRisk > approvalAmount;

/** Whether a second person may carry out this decision: another person has proposed it. */
export const isProposedByAnother = (
  { proposal }: Pick<Review, 'proposal'>,
  { decision, by }: Pick<Resolution, 'decision' | 'by'>,
): boolean => proposal?.decision === decision && proposal.by !== by;

/** A new proposal, or the stored one that this decision approves. */
export type Approval = { readonly propose: Proposal } | { readonly approve: Proposal };

/**
 * Decides what a decision above the limit does. The same decision of another person approves a proposal if it
 * still has the same effects; otherwise the decision is a new proposal and replaces it. Throws the rejection
 * second-person-required if a person repeats their own proposal.
 */
export const decideApproval = (
  review: Review,
  { at, by, name, scope, decision, reason }: Resolution,
  plan: ResolutionPlan,
): Approval => {
  const { version, proposal } = review;
  const basis = requestHashOf({ version, decision, ...plan });
  const isSame = proposal?.decision === decision && proposal.basis === basis;
  if (proposal === undefined || !isSame) {
    const person = { by, ...(name !== undefined && { name }), ...(scope && { scope }) };

    return { propose: { at, ...person, decision, reason, basis } };
  }
  if (proposal.by !== by) return { approve: proposal };
  throw new RejectionError({
    code: 'second-person-required',
    detail: 'You have proposed this decision. It needs the same decision of another person.',
  });
};
