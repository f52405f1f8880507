import { httpHandler } from '../../shared/http/http-handler.ts';
import { createReviewRepository } from '../../shared/persistence/review-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { listReviews } from './handler.ts';

export const handler = httpHandler(listReviews(storesFromEnv({ reviews: createReviewRepository })));
