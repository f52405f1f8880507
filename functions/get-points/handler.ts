import type { HttpResponse } from '../../shared/http/http-response.ts';
import type { PointsRepository } from '../../shared/persistence/points-repository.ts';
import type { PointsBody } from './operation.ts';

interface Dependencies {
  readonly points: Pick<PointsRepository, 'getTotal'>;
}

/** Returns the buyer's points; 0 before the first. */
export const getPoints =
  ({ points }: Dependencies) =>
  async (buyer: string): Promise<HttpResponse> => ({
    status: 200,
    body: { points: await points.getTotal(buyer) } satisfies PointsBody,
  });
