import type { openReviewIn } from '../../shared/application/reviews/open-review.ts';
import {
  type DomainEvent,
  type subscriptions,
  versionOf,
} from '../../shared/domain/events/domain-event.ts';
import { reviewIdOf } from '../../shared/domain/ids.ts';
import { reviewOf } from '../../shared/domain/reviews/review.ts';
import type { Done } from '../../shared/lambda/sqs-handler.ts';

type Heard = (typeof subscriptions)['open-review'][number];

interface Dependencies {
  readonly open: ReturnType<typeof openReviewIn>;
}

/** Puts what only a person can decide on the operators' list, as long as it is to be decided. */
export const openReview =
  ({ open }: Dependencies) =>
  async (event: DomainEvent<Heard>): Promise<Done> => {
    const version = versionOf(event);
    const reviewId = reviewIdOf(event.subject, version);
    const { paymentId, orderId, code } = event.data;

    const outcome = await open(reviewOf(event, reviewId, version));

    return { outcome, reviewId, code, paymentId, orderId };
  };
