import type { Decision } from '../../shared/domain/reviews/review.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import {
  type ApiEvent,
  operatorOf,
  parseBody,
  parsePathParameter,
} from '../../shared/http/request.ts';
import { reviewBody } from '../../shared/http/review-body.ts';
import { awaitingApprovalBody, plannedResolutionBody } from './body.ts';
import { resolveReviewSchema } from './request.ts';
import type { createResolveReview, ResolutionResult } from './resolve.ts';

interface Dependencies {
  readonly resolve: ReturnType<typeof createResolveReview>;
  readonly clock: Clock;
}

/** Resolves a review by an operator's decision, or shows what the decision would move. */
export const resolveReview =
  ({ resolve, clock }: Dependencies) =>
  async (event: ApiEvent): Promise<HttpResponse> => {
    const { sub: by, ...nameAndScope } = operatorOf(event);
    const reviewId = parsePathParameter(event, 'reviewId');
    const { decision, reason, dryRun: isDryRun } = parseBody(resolveReviewSchema, event);
    const at = clock.now().toISOString();
    const resolution = { at, by, ...nameAndScope, decision, reason };

    const result = await resolve(reviewId, resolution, { isDryRun });

    const { paymentId } = result.outcome === 'planned' ? result.planned.review : result.review;
    const ids = { reviewId, paymentId, decision, operator: by, outcome: result.outcome };

    return { ...responseOf(result, decision), ids };
  };

const responseOf = (result: ResolutionResult, decision: Decision): HttpResponse => {
  switch (result.outcome) {
    case 'planned':
      return { status: 200, body: plannedResolutionBody(result.planned, decision) };
    case 'awaiting-approval':
      return { status: 202, body: awaitingApprovalBody(result.review) };
    default:
      return { status: 200, body: reviewBody(result.review) };
  }
};
