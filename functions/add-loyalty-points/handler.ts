import { type DomainEvent, versionOf } from '../../shared/domain/events/domain-event.ts';
import type { SubscribedEventName } from '../../shared/domain/events/subscriptions.ts';
import { type PointsRate, pointsFor } from '../../shared/domain/points/points-rate.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { HandlingResult } from '../../shared/lambda/message-deferral.ts';
import type { PointsRepository } from '../../shared/persistence/points-repository.ts';

type PaidEvent = DomainEvent<SubscribedEventName<'add-loyalty-points'>>;

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
  async (event: PaidEvent): Promise<HandlingResult> => {
    const { traceparent } = event;
    const earned = earnedBy(event, rate);

    const outcome = await points.set({
      ...earned,
      ...(traceparent && { traceparent }),
      at: clock.now().toISOString(),
    });

    return { outcome, points: earned.points };
  };

/** Reads the entry of a payment, and returns the result of the delivery that set the points of its version. */
export const findPoints =
  ({
    points,
    rate,
  }: Pick<Dependencies, 'rate'> & { readonly points: Pick<PointsRepository, 'findOutcome'> }) =>
  async (event: PaidEvent): Promise<HandlingResult | undefined> => {
    const earned = earnedBy(event, rate);
    const outcome = await points.findOutcome(earned);

    return outcome && { outcome, points: earned.points };
  };

/** The points after an event: those of the payment's amount less its refunds, as of a version of the payment. */
const earnedBy = (event: PaidEvent, rate: PointsRate) => {
  const { data } = event;
  const { userId, paymentId } = data;
  const { remainingAmount, paymentVersion } =
    'remainingAmount' in data
      ? data
      : { remainingAmount: data.amount, paymentVersion: versionOf(event) };

  return { userId, paymentId, paymentVersion, points: pointsFor(remainingAmount, rate) };
};
