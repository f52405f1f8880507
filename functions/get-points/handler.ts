import type { Points } from '../../shared/data/points.ts';
import type { Answer } from '../../shared/http/boundary.ts';
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
