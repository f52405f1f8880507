import { reviewIdOf } from '../../shared/data/keys.ts';
import type { openReviewIn } from '../../shared/data/open-review.ts';
import { type DomainEvent, type subscriptions, versionOf } from '../../shared/domain/events.ts';
import { reviewOf } from '../../shared/domain/review.ts';
import type { Done } from '../../shared/runtime/queue-handler.ts';

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
