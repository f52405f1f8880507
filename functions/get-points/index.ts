import { pointsIn } from '../../shared/data/points.ts';
import { buyerOf, httpHandler } from '../../shared/http/boundary.ts';
import { documents as db } from '../../shared/runtime/aws.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { getPoints } from './handler.ts';

const env = requireEnv('LOYALTY_POINTS_TABLE');
const answer = getPoints({ points: pointsIn(db, env.LOYALTY_POINTS_TABLE) });

export const handler = httpHandler((event) => answer(buyerOf(event)));
