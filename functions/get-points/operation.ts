import * as z from 'zod';
import type { Operation } from '../../shared/http/operation.ts';

const points = z
  .strictObject({ points: z.int().nonnegative().meta({ description: 'Number of points.' }) })
  .meta({ id: 'Points', description: 'The loyalty points of the buyer.' });

export type PointsBody = z.infer<typeof points>;

export const operation: Operation = {
  tag: 'Wallet',
  summary: 'Get the points',
  description:
    'Returns the loyalty points of the caller. They are updated shortly after a payment or a refund completes.',
  responses: { 200: { description: 'The points.', schema: points } },
  examples: {
    earned: {
      summary: 'One point for each hundred won',
      fixture: 'rewarded',
      response: { status: 200, body: { points: 50 } satisfies PointsBody },
    },
    none: {
      summary: 'Before the first payment',
      fixture: 'shop',
      response: { status: 200, body: { points: 0 } satisfies PointsBody },
    },
  },
};
