import type { ConfirmedSale } from '../../shared/application/events/confirm-sale.ts';
import { type ReservedLine, stockPartsOf } from '../../shared/domain/orders/stock-shards.ts';
import { type Clock, dayInTimeZone } from '../../shared/domain/time.ts';
import type { HandlingResult } from '../../shared/lambda/message-deferral.ts';
import type { RankingRepository, SalesCount } from '../../shared/persistence/ranking-repository.ts';

interface Dependencies {
  readonly rankings: Pick<RankingRepository, 'count'>;
  readonly clock: Clock;
  readonly timeZone?: ShopTimeZone;
}

/** The time zone of the shop; UTC by default. */
type ShopTimeZone = string | undefined;

/**
 * Adds the units sold, or subtracts the units returned, on the day of the sale, however late the event
 * arrives.
 */
export const updateRanking =
  ({ rankings, clock, timeZone }: Dependencies) =>
  async (sale: ConfirmedSale): Promise<HandlingResult> => {
    const { event, lines } = sale;
    const isReturn = 'soldAt' in event.data;
    const day = dayOfSale(sale, timeZone);

    const outcome = await rankings.count({
      eventId: event.id,
      eventTime: event.time,
      day,
      units: unitsByItem(lines).map(({ quantity, ...of }) => ({
        ...of,
        units: isReturn ? -quantity : quantity,
      })),
      countedAt: clock.now().toISOString(),
    });

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
  async (sale: ConfirmedSale): Promise<HandlingResult | undefined> => {
    const day = dayOfSale(sale, timeZone);

    return (await rankings.isCounted({ eventId: sale.event.id, day }))
      ? { outcome: 'counted', day }
      : undefined;
  };

const dayOfSale = ({ event: { data } }: ConfirmedSale, timeZone: ShopTimeZone): string =>
  dayInTimeZone(timeZone, new Date('soldAt' in data ? data.soldAt : data.completedAt));

type CountedLine = Omit<SalesCount['units'][number], 'units'> & { readonly quantity: number };

/**
 * The units of a line count on the first of its stock items. So the ranking writes no count more often than accept
 * writes its stock item. A transaction may write an item once, so two lines of one stock item are merged.
 */
const unitsByItem = (lines: readonly ReservedLine[]): readonly CountedLine[] => {
  const merged = new Map<string, CountedLine>();
  for (const line of lines) {
    const { sku, quantity } = line;
    const [{ sku: stockItem } = line] = stockPartsOf(line);
    const before = merged.get(stockItem)?.quantity ?? 0;
    merged.set(stockItem, { sku, stockItem, quantity: before + quantity });
  }

  return [...merged.values()];
};
