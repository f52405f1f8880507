import type { Check } from './check.ts';
import { isLostTo } from './lost-events.ts';
import { type Sale, salesOf } from './sales.ts';
import { rankingsOf, unlessEqual } from './stored-items.ts';

/** The shop's time zone is UTC in every stage. */
const dayOf = ({ soldAt }: Sale): string => soldAt.slice(0, 10);

/** The units of each product on each day, as the counted sales have them. */
const unitsByDay = (sales: readonly Sale[]): Map<string, number> => {
  const units = new Map<string, number>();
  for (const sale of sales)
    for (const { sku, quantity } of sale.lines) {
      const key = `${dayOf(sale)} ${sku}`;
      units.set(key, (units.get(key) ?? 0) + sale.sign * quantity);
    }

  return units;
};

/** Nothing replays a sale that a fault lost on the bus: it may be counted or not. */
export const rankings: Check = {
  name: 'rankings',
  property:
    'The units of a product on a day are those sold that day less their returns, each counted once.',
  invariants: [7],
  atEnd: (run) => {
    const sales = new Map(salesOf(run).map((sale) => [`EVENT#${sale.eventId}`, sale]));
    const stored = rankingsOf(run);
    // An earlier version of the service has them on the day of the sale.
    const markers = [
      ...new Set(stored.flatMap(({ entry }) => (entry.startsWith('EVENT#') ? [entry] : []))),
    ];
    const counted = new Set(markers);
    const missing = [...sales].filter(
      ([key, { eventId }]) => !counted.has(key) && !isLostTo(run, 'update-ranking', eventId),
    );
    const expected = unitsByDay(markers.flatMap((key) => sales.get(key) ?? []));
    const found = new Map<string, number>();
    for (const { day, sku, units = 0 } of stored.filter(({ entry }) => entry.startsWith('SKU#'))) {
      const key = `${day.slice(0, 10)} ${sku}`;
      found.set(key, (found.get(key) ?? 0) + units);
    }

    return [
      ...missing.map(([key]) => `${key} is not counted`),
      ...markers.filter((key) => !sales.has(key)).map((key) => `${key} is counted and no sale`),
      ...[...new Set([...expected.keys(), ...found.keys()])].flatMap((key) =>
        unlessEqual(`units of ${key}`, found.get(key) ?? 0, expected.get(key) ?? 0),
      ),
    ];
  },
};
