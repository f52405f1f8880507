import type { Database } from '../config/platform.ts';
import { isPseudonym } from '../domain/erasure/pseudonymise.ts';
import { eventIdOf, pointsSubjectOf } from '../domain/events/domain-event.ts';
import { deriveReviewId } from '../domain/ids.ts';
import type { Payment } from '../domain/payments/payment.ts';
import type { Refund } from '../domain/refunds/refund.ts';
import { saleTimeOf } from '../domain/refunds/refund-settlement.ts';
import type { Review } from '../domain/reviews/review.ts';
import { type Clock, dayInTimeZone } from '../domain/time.ts';
import {
  type ConsumerEffect,
  type ExpectedDelivery,
  expectedDeliveriesOf,
  type PublishedEvent,
  publishedEventsOf,
} from '../domain/timeline/published-events.ts';
import { type ConsumerMarkers, createEffectLookup } from './consumer-effects.ts';
import { batchGet, type ItemKey } from './dynamodb/batch-get.ts';
import { pointsEntry, rankingKey } from './dynamodb/keys.ts';
import { filterReadable } from './readable-items.ts';

/** What the consumers have done about the events of a payment and its refunds. */
export interface ConsumerStatus {
  readonly effects: readonly ConsumerEffect[];
  /** Events that a consumer has not processed. */
  readonly pendingDeliveries: readonly ExpectedDelivery[];
  /** Events that a consumer has published. */
  readonly derivedEvents: readonly PublishedEvent[];
  readonly reviews: readonly Review[];
}

type Tables = Readonly<Record<'deliveries' | 'rankings' | 'loyaltyPoints' | 'reviews', string>>;

/**
 * Reads the consumers' markers by key: every key follows from the histories of the payment and its refunds.
 */
export const createConsumerStatusReader = (
  db: Database,
  tables: Tables,
  { clock, timeZone }: { readonly clock: Clock; readonly timeZone?: string | undefined },
) => ({
  async read(payment: Payment, refunds: readonly Refund[]): Promise<ConsumerStatus> {
    const records = [payment, ...refunds];
    const events = records.flatMap(publishedEventsOf);
    // Which points events exist is known only with the points entry, which is read together with their
    // markers.
    const possiblePointsEvents = expectedDeliveriesOf(events)
      .filter(({ consumer }) => consumer === 'add-loyalty-points')
      .map((_, index) => buildPointsEvent(payment.paymentId, index + 1, payment.updatedAt));
    const found = await batchGet(db, [
      ...expectedDeliveriesOf([...events, ...possiblePointsEvents]).flatMap((delivery) =>
        markerKeysOf(delivery, payment, { ...tables, timeZone }),
      ),
      ...records.flatMap(reviewIdsOf).map((reviewId) => ({
        table: tables.reviews,
        key: { reviewId },
      })),
    ]);
    const markers = {
      deliveries: found(tables.deliveries),
      counts: found(tables.rankings),
      points: found(tables.loyaltyPoints)[0],
      isErased: isPseudonym(payment.userId),
    } as unknown as ConsumerMarkers;
    const derivedEvents = pointsEventsOf(payment.paymentId, markers.points?.history ?? []);
    const expected = expectedDeliveriesOf([...events, ...derivedEvents]);
    const lookUp = createEffectLookup(markers, refunds, clock.now());
    const statuses = expected.map((delivery) => ({
      delivery,
      ...lookUp(delivery),
    }));

    return {
      effects: statuses.flatMap(({ delivery, effect }) =>
        effect ? [{ ...delivery, ...effect }] : [],
      ),
      pendingDeliveries: statuses.flatMap(({ delivery, isProcessed }) =>
        isProcessed ? [] : [delivery],
      ),
      derivedEvents,
      reviews: filterReadable<Review>('reviews', found(tables.reviews)),
    };
  },
});

export type ConsumerStatusReader = ReturnType<typeof createConsumerStatusReader>;

const buildPointsEvent = (paymentId: string, version: number, at: string): PublishedEvent => ({
  eventId: eventIdOf(pointsSubjectOf(paymentId), version),
  name: version === 1 ? 'PointsAdded' : 'PointsCorrected',
  at,
});

/** The events of a payment's points: one for each change of the amount. */
const pointsEventsOf = (
  paymentId: string,
  history: readonly { readonly at: string; readonly points: number }[],
): PublishedEvent[] =>
  history.flatMap(({ at, points }, index) =>
    points === (history[index - 1]?.points ?? 0)
      ? []
      : [buildPointsEvent(paymentId, index + 1, at)],
  );

/** The keys of the items that a consumer may have written when it processed an event. */
const markerKeysOf = (
  { consumer, event: { eventId } }: ExpectedDelivery,
  payment: Payment,
  { deliveries, rankings, loyaltyPoints, timeZone }: Tables & { timeZone: string | undefined },
): readonly ItemKey[] => {
  const { userId, paymentId } = payment;
  switch (consumer) {
    case 'update-ranking': {
      const day = dayInTimeZone(timeZone, new Date(saleTimeOf(payment)));

      return [rankingKey.marker(eventId), rankingKey.earlierMarker(eventId, day)].map((key) => ({
        table: rankings,
        key,
      }));
    }
    case 'add-loyalty-points':
      return [{ table: loyaltyPoints, key: { userId, entry: pointsEntry.payment(paymentId) } }];
    default:
      return [{ table: deliveries, key: { eventId, consumer } }];
  }
};

/** One review for each version in which the payment or refund waited for an operator. */
const reviewIdsOf = (record: Payment | Refund): readonly string[] => {
  const subject = 'refundId' in record ? record.refundId : record.paymentId;

  return record.history
    .filter(({ to }) => to === 'IN_REVIEW' || to === 'UNDER_REVIEW')
    .map(({ version }) => deriveReviewId(subject, version));
};
