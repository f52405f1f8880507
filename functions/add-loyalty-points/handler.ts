import type { Points } from '../../shared/data/points.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import type { DomainEvent } from '../../shared/domain/events.ts';
import { type PointsRate, pointsFor } from '../../shared/domain/points.ts';
import type { Done } from '../../shared/runtime/queue-handler.ts';

interface Dependencies {
  readonly points: Pick<Points, 'add'>;
  readonly rate: PointsRate;
  readonly clock: Clock;
}

/** Gives the buyer the points of a completed payment, once; its table's stream tells the others. */
export const addLoyaltyPoints =
  ({ points, rate, clock }: Dependencies) =>
  async ({ data, traceparent }: DomainEvent<'PaymentCompleted'>): Promise<Done> => {
    const { userId, paymentId, amount } = data;
    const earned = pointsFor(amount, rate);

    const outcome = await points.add({
      userId,
      paymentId,
      points: earned,
      ...(traceparent && { traceparent }),
      at: clock.now().toISOString(),
    });

    return { outcome, points: earned, paymentId };
  };
