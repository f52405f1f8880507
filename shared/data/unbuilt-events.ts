import { type EventNotBuiltError, reviewOfUnbuilt } from '../domain/unbuilt-event.ts';
import { measure } from '../runtime/measure.ts';
import { logger } from '../runtime/observability.ts';
import { eventReviewIdOf } from './keys.ts';
import type { Reviews } from './reviews.ts';

/**
 * Opens the review of an event that cannot be built, once for a version of its payment or refund, whoever finds it. Returns the review's
 * id; undefined if the item names no payment.
 */
export const reviewUnbuiltIn =
  ({ openOnce }: Pick<Reviews, 'openOnce'>) =>
  async (unbuilt: EventNotBuiltError, at: Date): Promise<string | undefined> => {
    const review = reviewOfUnbuilt(unbuilt, at);
    if (review === undefined) return undefined;
    const { paymentId, refundId, version, detail: reason } = review;
    const reviewId = eventReviewIdOf(refundId ?? paymentId, version);
    if (await openOnce({ reviewId, ...review })) {
      measure('EventsNotBuilt', 1, {});
      logger.error('event not built', { reviewId, paymentId, refundId, version, reason });
    }

    return reviewId;
  };

export type ReviewUnbuilt = ReturnType<typeof reviewUnbuiltIn>;
