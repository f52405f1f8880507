import { reviewsIn } from '../../shared/data/reviews.ts';
import { httpHandler } from '../../shared/http/boundary.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { listReviews } from './handler.ts';

export const handler = httpHandler(listReviews(storesFromEnv({ reviews: reviewsIn })));
