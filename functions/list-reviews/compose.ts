import type { BasePlatform } from '../../shared/config/platform.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { createReviewRepository } from '../../shared/persistence/review-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { listReviews } from './handler.ts';

export const compose = (platform: BasePlatform) =>
  httpHandler(listReviews(storesFromEnv(platform, { reviews: createReviewRepository })));
