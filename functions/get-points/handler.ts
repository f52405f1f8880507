import type { Answer } from '../../shared/http/http-handler.ts';
import type { Points } from '../../shared/persistence/points-repository.ts';
import type { PointsBody } from './operation.ts';

interface Dependencies {
  readonly points: Pick<Points, 'totalOf'>;
}

/** The points that a buyer has; 0 before the first. */
export const getPoints =
  ({ points }: Dependencies) =>
  async (buyer: string): Promise<Answer> => ({
    status: 200,
    body: { points: await points.totalOf(buyer) } satisfies PointsBody,
  });
