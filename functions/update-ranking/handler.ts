import type { DomainEvent, SubscribedEventName } from '../../shared/domain/events/domain-event.ts';
import { mergeLines } from '../../shared/domain/orders/order.ts';
import { type Clock, dayInTimeZone } from '../../shared/domain/time.ts';
import type { HandlingResult } from '../../shared/lambda/message-deferral.ts';
import type { RankingRepository } from '../../shared/persistence/ranking-repository.ts';

interface Dependencies {
  readonly rankings: Pick<RankingRepository, 'count'>;
  readonly clock: Clock;
  /** Of the shop; UTC unless given. */
  readonly timeZone?: string;
}

/** Counts what was sold, less what was returned, into the day of the sale, however late the event comes. */
export const updateRanking =
  ({ rankings, clock, timeZone }: Dependencies) =>
  async ({
    id: eventId,
    data,
  }: DomainEvent<SubscribedEventName<'update-ranking'>>): Promise<HandlingResult> => {
    const isReturn = 'soldAt' in data;
    const day = dayInTimeZone(timeZone, new Date(isReturn ? data.soldAt : data.completedAt));
    // A transaction may touch an item once, so a sku that is named twice is one line.
    const units = mergeLines(data.lines).map(({ sku, quantity }) => ({
      sku,
      units: isReturn ? -quantity : quantity,
    }));

    const countedAt = clock.now().toISOString();

    const outcome = await rankings.count({ eventId, day, units, countedAt });

    return { outcome, day };
  };
