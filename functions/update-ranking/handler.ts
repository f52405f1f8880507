import type { DomainEvent, SubscribedEventName } from '../../shared/domain/events/domain-event.ts';
import { mergeLines } from '../../shared/domain/orders/order.ts';
import { type Clock, dayInTimeZone } from '../../shared/domain/time.ts';
import type { HandlingResult } from '../../shared/lambda/message-deferral.ts';
import type { RankingRepository } from '../../shared/persistence/ranking-repository.ts';

interface Dependencies {
  readonly rankings: Pick<RankingRepository, 'count'>;
  readonly clock: Clock;
  readonly timeZone?: ShopTimeZone;
}

/** The time zone of the shop; UTC by default. */
type ShopTimeZone = string | undefined;

type SalesEvent = DomainEvent<SubscribedEventName<'update-ranking'>>;

/**
 * Adds the units sold, or subtracts the units returned, on the day of the sale, however late the event
 * arrives.
 */
export const updateRanking =
  ({ rankings, clock, timeZone }: Dependencies) =>
  async (event: SalesEvent): Promise<HandlingResult> => {
    const { id: eventId, data } = event;
    const isReturn = 'soldAt' in data;
    const day = dayOfSale(event, timeZone);
    // A transaction may write an item once, so two lines of one SKU are merged.
    const units = mergeLines(data.lines).map(({ sku, quantity }) => ({
      sku,
      units: isReturn ? -quantity : quantity,
    }));

    const countedAt = clock.now().toISOString();

    const outcome = await rankings.count({ eventId, day, units, countedAt });

    return { outcome, day };
  };

/** Reads the marker of an event, and returns the result of the delivery that wrote it. */
export const findCount =
  ({
    rankings,
    timeZone,
  }: Pick<Dependencies, 'timeZone'> & {
    readonly rankings: Pick<RankingRepository, 'isCounted'>;
  }) =>
  async (event: SalesEvent): Promise<HandlingResult | undefined> => {
    const day = dayOfSale(event, timeZone);

    return (await rankings.isCounted({ eventId: event.id, day }))
      ? { outcome: 'counted', day }
      : undefined;
  };

const dayOfSale = ({ data }: SalesEvent, timeZone: ShopTimeZone): string =>
  dayInTimeZone(timeZone, new Date('soldAt' in data ? data.soldAt : data.completedAt));
