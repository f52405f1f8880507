import type { DomainEvent, SubscribedEventName } from '../../shared/domain/events/domain-event.ts';
import { mergeLines } from '../../shared/domain/orders/order.ts';
import { type Clock, dayInTimeZone } from '../../shared/domain/time.ts';
import type { HandlingResult } from '../../shared/lambda/message-deferral.ts';
import type { RankingRepository } from '../../shared/persistence/ranking-repository.ts';

interface Dependencies {
  readonly rankings: Pick<RankingRepository, 'count'>;
  readonly clock: Clock;
  /** The time zone of the shop; UTC by default. */
  readonly timeZone?: string;
}

/**
 * Adds the units sold, or subtracts the units returned, on the day of the sale, however late the event
 * arrives.
 */
export const updateRanking =
  ({ rankings, clock, timeZone }: Dependencies) =>
  async ({
    id: eventId,
    data,
  }: DomainEvent<SubscribedEventName<'update-ranking'>>): Promise<HandlingResult> => {
    const isReturn = 'soldAt' in data;
    const day = dayInTimeZone(timeZone, new Date(isReturn ? data.soldAt : data.completedAt));
    // A transaction may write an item once, so two lines of one SKU are merged.
    const units = mergeLines(data.lines).map(({ sku, quantity }) => ({
      sku,
      units: isReturn ? -quantity : quantity,
    }));

    const countedAt = clock.now().toISOString();

    const outcome = await rankings.count({ eventId, day, units, countedAt });

    return { outcome, day };
  };
