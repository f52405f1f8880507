import { eventIdOf } from '../domain/events/domain-event.ts';
import { rankingEntry } from '../domain/ids.ts';
import type { Refund } from '../domain/refunds/refund.ts';
import type { Effect, Hearing } from '../domain/timeline/published-events.ts';
import type { Delivery } from './delivery-repository.ts';
import type { PointsEntry } from './points-repository.ts';

/** By which listeners know what they have heard. */
export interface Marks {
  readonly deliveries: readonly Delivery[];
  readonly counts: readonly { readonly entry: string; readonly countedAt: string }[];
  readonly points?: PointsEntry;
}

interface Seen {
  readonly isHeard: boolean;
  readonly effect?: Pick<Effect, 'at' | 'did'>;
}

const effect = (at: string | undefined, did: string): Seen =>
  at === undefined ? { isHeard: false } : { isHeard: true, effect: { at, did } };

/** What a listener has done about an event, by its marks. */
export const seenIn =
  ({ deliveries, counts, points }: Marks, refunds: readonly Refund[]) =>
  ({ listener, event: { eventId } }: Hearing): Seen => {
    switch (listener) {
      case 'update-ranking': {
        const mark = counts.find(({ entry }) => entry === rankingEntry.event(eventId));

        return effect(mark?.countedAt, 'counted');
      }
      case 'add-loyalty-points': {
        const version = paymentVersionOf(eventId, refunds);
        const set = points?.history.find(({ paymentVersion }) => paymentVersion === version);
        // What came after a later one changes nothing, and leaves no mark.
        if (!set && points && points.paymentVersion > version) return { isHeard: true };

        return effect(set?.at, `set ${set?.points} points after`);
      }
      default: {
        const delivery = deliveries.find(
          (each) => each.eventId === eventId && each.listener === listener,
        );

        return effect(delivery?.deliveredAt, 'delivered');
      }
    }
  };

/** Of which version of the payment an event tells: a refund's says so itself, the payment's own has it in its id. */
const paymentVersionOf = (eventId: string, refunds: readonly Refund[]): number => {
  const refund = refunds.find(({ refundId, version }) => eventIdOf(refundId, version) === eventId);

  return refund?.paymentVersion ?? Number(eventId.slice(eventId.lastIndexOf('-') + 1));
};
