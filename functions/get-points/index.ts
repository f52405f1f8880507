import { documentClient as db } from '../../shared/config/aws-clients.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { buyerOf } from '../../shared/http/request.ts';
import { createPointsRepository } from '../../shared/persistence/points-repository.ts';
import { getPoints } from './handler.ts';

const env = requireEnv('LOYALTY_POINTS_TABLE');
const answer = getPoints({ points: createPointsRepository(db, env.LOYALTY_POINTS_TABLE) });

export const handler = httpHandler((event) => answer(buyerOf(event)));
