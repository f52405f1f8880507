import { type Clock, dayInTimeZone } from '../../shared/domain/time.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import type { RankingRepository } from '../../shared/persistence/ranking-repository.ts';
import type { RankingsBody } from './operation.ts';
import type { RankingsQuery } from './request.ts';

interface Dependencies {
  readonly rankings: Pick<RankingRepository, 'top'>;
  readonly clock: Clock;
  /** The time zone of the shop; UTC by default. */
  readonly timeZone?: string;
}

/** Returns the best sellers of a day; by default of today. */
export const getRankings =
  ({ rankings, clock, timeZone }: Dependencies) =>
  async ({
    day = dayInTimeZone(timeZone, clock.now()),
    limit,
  }: RankingsQuery): Promise<HttpResponse> => ({
    status: 200,
    body: { day, items: await rankings.top(day, limit) } satisfies RankingsBody,
  });
