import type { HttpResponse } from '../../shared/http/http-response.ts';
import { type ApiEvent, operatorOf, parsePathParameter } from '../../shared/http/request.ts';
import type { ReviewRepository } from '../../shared/persistence/review-repository.ts';
import { reviewEvidenceBody } from './body.ts';
import type { ReadEvidence } from './read-evidence.ts';

interface Dependencies {
  readonly reviews: Pick<ReviewRepository, 'getOrThrow'>;
  readonly readEvidence: ReadEvidence;
}

/** Returns a review with its evidence and the decisions that are allowed. */
export const getReview =
  ({ reviews, readEvidence }: Dependencies) =>
  async (event: ApiEvent): Promise<HttpResponse> => {
    operatorOf(event);
    const review = await reviews.getOrThrow(parsePathParameter(event, 'reviewId'));
    const { reviewId, paymentId, orderId } = review;

    return {
      status: 200,
      body: reviewEvidenceBody(review, await readEvidence(review)),
      ids: { reviewId, paymentId, orderId },
    };
  };
