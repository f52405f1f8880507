import { type Clock, dayInTimeZone } from '../../shared/domain/time.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import type { RankedSku, RankingRepository } from '../../shared/persistence/ranking-repository.ts';
import type { RankingsBody } from './operation.ts';
import { maxRanked, type RankingsQuery } from './request.ts';

interface Dependencies {
  readonly rankings: Pick<RankingRepository, 'top'>;
  readonly clock: Clock;
  /** How old the best sellers may be that this process has in memory. */
  readonly maxAgeMs: number;
  /** The time zone of the shop; UTC by default. */
  readonly timeZone?: string;
}

/** Days in memory. The query names the day, so their number needs a bound. */
const maxDays = 10;

/** Reads the best sellers of a day, or returns those that this process has read at most `maxAgeMs` ago. */
const createRecentRankings = ({ rankings, clock, maxAgeMs }: Dependencies) => {
  const recent = new Map<
    string,
    { readonly readAt: number; readonly items: readonly RankedSku[] }
  >();

  return async (day: string): Promise<readonly RankedSku[]> => {
    const readAt = clock.now().getTime();
    const known = recent.get(day);
    if (known !== undefined && readAt - known.readAt <= maxAgeMs) return known.items;
    const items = await rankings.top(day, maxRanked);
    recent.delete(day);
    recent.set(day, { readAt, items });
    const [oldest] = recent.keys();
    if (recent.size > maxDays && oldest !== undefined) recent.delete(oldest);

    return items;
  };
};

/** Returns the best sellers of a day; by default of today. */
export const getRankings = (dependencies: Dependencies) => {
  const { clock, timeZone } = dependencies;
  const read = createRecentRankings(dependencies);

  return async ({
    day = dayInTimeZone(timeZone, clock.now()),
    limit,
  }: RankingsQuery): Promise<HttpResponse> => ({
    status: 200,
    body: { day, items: (await read(day)).slice(0, limit) } satisfies RankingsBody,
  });
};
