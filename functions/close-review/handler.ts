import type { Database } from '../../shared/config/platform.ts';
import { type DomainEvent, versionOf } from '../../shared/domain/events/domain-event.ts';
import type { SubscribedEventName } from '../../shared/domain/events/subscriptions.ts';
import { deriveReviewId } from '../../shared/domain/ids.ts';
import type { Decision, Review } from '../../shared/domain/reviews/review.ts';
import type { HandlingResult } from '../../shared/lambda/message-deferral.ts';
import type { Item } from '../../shared/persistence/dynamodb/expressions.ts';
import { commit } from '../../shared/persistence/dynamodb/transaction.ts';
import type { ReviewRepository } from '../../shared/persistence/review-repository.ts';

type EndEvent = DomainEvent<SubscribedEventName<'close-review'>>;

interface Dependencies {
  readonly db: Database;
  readonly reviews: Pick<ReviewRepository, 'resolve'>;
}

const by = 'close-review';

const decisionByEvent: Readonly<Record<SubscribedEventName<'close-review'>, Decision>> = {
  PaymentCompleted: 'completed',
  PaymentFailed: 'failed',
  PaymentCompensated: 'failed',
  PaymentReversed: 'reversed',
  RefundCompleted: 'completed',
  RefundFailed: 'failed',
};

/**
 * Closes the review of a payment or refund that left review without an operator. A review that an operator
 * resolved, or that was never stored, stays as it is.
 */
export const closeReview =
  ({ db, reviews }: Dependencies) =>
  async (event: EndEvent): Promise<HandlingResult> => {
    const { name, time: at } = event;
    const ids = idsOf(event);
    const reason = `Closed by the event ${name}.`;
    const resolution = { at, by, decision: decisionByEvent[name], reason };
    const [outcome = 'closed'] = await commit(db, [
      {
        write: reviews.resolve(ids.reviewId, resolution),
        toRejection: (stored?: Item) =>
          isClosedBy(event, stored as Review | undefined) ? 'duplicate' : 'no-open-review',
      },
    ]);

    return { outcome, ...ids };
  };

/** Reads the review that an event ends, and returns the result of the delivery that closed it. */
export const findClosed =
  ({ find }: Pick<ReviewRepository, 'find'>) =>
  async (event: EndEvent): Promise<HandlingResult | undefined> => {
    const ids = idsOf(event);

    return isClosedBy(event, await find(ids.reviewId)) ? { outcome: 'closed', ...ids } : undefined;
  };

/** One version is under review, and the transition that ends the review makes the next one. */
const idsOf = (event: EndEvent) => ({
  reviewId: deriveReviewId(event.subject, versionOf(event) - 1),
  paymentId: event.data.paymentId,
});

const isClosedBy = ({ time }: EndEvent, review: Review | undefined): boolean =>
  review?.audit.some((resolution) => resolution.by === by && resolution.at === time) ?? false;
