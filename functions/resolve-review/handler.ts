import type { Clock } from '../../shared/domain/clock.ts';
import {
  type Answer,
  type ApiEvent,
  bodyOf,
  operatorOf,
  pathOf,
} from '../../shared/http/http-handler.ts';
import { reviewBody } from '../../shared/http/review-body.ts';
import { resolveBody } from './request.ts';
import type { resolveIn } from './resolve.ts';

interface Dependencies {
  readonly resolve: ReturnType<typeof resolveIn>;
  readonly clock: Clock;
}

/** Writes down what an operator has decided, and makes it so. */
export const resolveReview =
  ({ resolve, clock }: Dependencies) =>
  async (event: ApiEvent): Promise<Answer> => {
    const by = operatorOf(event);
    const reviewId = pathOf(event, 'reviewId');
    const { decision, reason } = bodyOf(resolveBody, event);
    const at = clock.now().toISOString();

    const review = await resolve(reviewId, { at, by, decision, reason });

    return {
      status: 200,
      body: reviewBody(review),
      ids: { reviewId, paymentId: review.paymentId, decision, operator: by },
    };
  };
