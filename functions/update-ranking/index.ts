import { rankingsIn } from '../../shared/data/rankings.ts';
import { documents as db } from '../../shared/runtime/aws.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { listener } from '../../shared/runtime/listener.ts';
import { updateRanking } from './handler.ts';

const env = requireEnv('RANKINGS_TABLE');
const update = updateRanking({ rankings: rankingsIn(db, env.RANKINGS_TABLE) });

export const handler = listener('update-ranking', update);
