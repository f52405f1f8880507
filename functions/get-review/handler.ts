import { type Answer, type ApiEvent, operatorOf, pathOf } from '../../shared/http/http-handler.ts';
import type { Reviews } from '../../shared/persistence/review-repository.ts';
import { evidenceBody } from './body.ts';
import type { Gather } from './read-evidence.ts';

interface Dependencies {
  readonly reviews: Pick<Reviews, 'existing'>;
  readonly gather: Gather;
}

/** A review with all that there is to decide it by. */
export const getReview =
  ({ reviews, gather }: Dependencies) =>
  async (event: ApiEvent): Promise<Answer> => {
    operatorOf(event);
    const review = await reviews.existing(pathOf(event, 'reviewId'));
    const { reviewId, paymentId, orderId } = review;

    return {
      status: 200,
      body: evidenceBody(review, await gather(review)),
      ids: { reviewId, paymentId, orderId },
    };
  };
