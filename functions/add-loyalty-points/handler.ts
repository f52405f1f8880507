import {
  type DomainEvent,
  type SubscribedEventName,
  versionOf,
} from '../../shared/domain/events/domain-event.ts';
import { type PointsRate, pointsFor } from '../../shared/domain/points/points-rate.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { HandlingResult } from '../../shared/lambda/message-deferral.ts';
import type { PointsRepository } from '../../shared/persistence/points-repository.ts';

interface Dependencies {
  readonly points: Pick<PointsRepository, 'set'>;
  readonly rate: PointsRate;
  readonly clock: Clock;
}

/**
 * Sets the points of a payment to those of its amount less its refunds. The outbox relay publishes the
 * change.
 */
export const addLoyaltyPoints =
  ({ points, rate, clock }: Dependencies) =>
  async (
    event: DomainEvent<SubscribedEventName<'add-loyalty-points'>>,
  ): Promise<HandlingResult> => {
    const { data, traceparent } = event;
    const { userId, paymentId } = data;
    const { remainingAmount, paymentVersion } =
      'remainingAmount' in data
        ? data
        : { remainingAmount: data.amount, paymentVersion: versionOf(event) };
    const earned = pointsFor(remainingAmount, rate);

    const outcome = await points.set({
      userId,
      paymentId,
      paymentVersion,
      points: earned,
      ...(traceparent && { traceparent }),
      at: clock.now().toISOString(),
    });

    return { outcome, points: earned };
  };
