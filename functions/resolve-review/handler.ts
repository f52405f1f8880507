import type { Clock } from '../../shared/domain/time.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import {
  type ApiEvent,
  operatorOf,
  parseBody,
  parsePathParameter,
} from '../../shared/http/request.ts';
import { reviewBody } from '../../shared/http/review-body.ts';
import { resolveReviewSchema } from './request.ts';
import type { createResolveReview } from './resolve.ts';

interface Dependencies {
  readonly resolve: ReturnType<typeof createResolveReview>;
  readonly clock: Clock;
}

/** Resolves a review by an operator's decision. */
export const resolveReview =
  ({ resolve, clock }: Dependencies) =>
  async (event: ApiEvent): Promise<HttpResponse> => {
    const { sub: by, ...nameAndScope } = operatorOf(event);
    const reviewId = parsePathParameter(event, 'reviewId');
    const { decision, reason } = parseBody(resolveReviewSchema, event);
    const at = clock.now().toISOString();

    const review = await resolve(reviewId, { at, by, ...nameAndScope, decision, reason });

    return {
      status: 200,
      body: reviewBody(review),
      ids: { reviewId, paymentId: review.paymentId, decision, operator: by },
    };
  };
