import { eventIdOf } from '../domain/events/domain-event.ts';
import type { Refund } from '../domain/refunds/refund.ts';
import type { ConsumerEffect, ExpectedDelivery } from '../domain/timeline/published-events.ts';
import { type DeliveryRecord, isTooOldToDeliver } from './delivery-repository.ts';
import { rankingKey } from './dynamodb/keys.ts';
import type { PointsEntry } from './points-repository.ts';
import { isTooOldToCount } from './ranking-repository.ts';

/** The items by which consumers recognise a duplicate event. */
export interface ConsumerMarkers {
  readonly deliveries: readonly DeliveryRecord[];
  readonly counts: readonly { readonly entry: string; readonly countedAt: string }[];
  readonly points?: PointsEntry;
  /** Whether the buyer is erased, and the points with the buyer. */
  readonly isErased: boolean;
}

interface DeliveryEffect {
  readonly isProcessed: boolean;
  readonly effect?: Pick<ConsumerEffect, 'at' | 'action'>;
}

const toDeliveryEffect = (at: string | undefined, action: string): DeliveryEffect =>
  at === undefined ? { isProcessed: false } : { isProcessed: true, effect: { at, action } };

/** Looks up whether a consumer has processed an event, and with what effect. */
export const createEffectLookup =
  (
    { deliveries, counts, points, isErased }: ConsumerMarkers,
    refunds: readonly Refund[],
    now: Date,
  ) =>
  ({ consumer, event: { eventId, at } }: ExpectedDelivery): DeliveryEffect => {
    switch (consumer) {
      case 'update-ranking': {
        const marker = counts.find(({ entry }) => entry === rankingKey.marker(eventId).entry);

        // The markers of old events are deleted.
        if (marker === undefined && isTooOldToCount(at, now)) return { isProcessed: true };

        return toDeliveryEffect(marker?.countedAt, 'counted');
      }
      case 'add-loyalty-points': {
        if (!points && isErased) return { isProcessed: true };
        const version = paymentVersionOf(eventId, refunds);
        const set = points?.history.find(({ paymentVersion }) => paymentVersion === version);
        // An event of an older version than the stored one changes nothing and leaves no marker.
        if (!set && points && points.paymentVersion > version) return { isProcessed: true };

        return toDeliveryEffect(set?.at, `set ${set?.points} points after`);
      }
      default: {
        const delivery = deliveries.find(
          (each) => each.eventId === eventId && each.consumer === consumer,
        );

        // The records of old events are deleted.
        if (delivery === undefined && isTooOldToDeliver(at, now)) return { isProcessed: true };

        return toDeliveryEffect(delivery?.deliveredAt, 'delivered');
      }
    }
  };

/**
 * The payment version that an event belongs to: of a refund event the refund has it, of a payment event the
 * event id.
 */
const paymentVersionOf = (eventId: string, refunds: readonly Refund[]): number => {
  const refund = refunds.find(({ refundId, version }) => eventIdOf(refundId, version) === eventId);

  return refund?.paymentVersion ?? Number(eventId.slice(eventId.lastIndexOf('-') + 1));
};
