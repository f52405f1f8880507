import type { BasePlatform } from '../../shared/config/platform.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { createCompensationRepository } from '../../shared/persistence/compensation-repository.ts';
import { createOrderRepository } from '../../shared/persistence/order-repository.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { createRefundRepository } from '../../shared/persistence/refund-repository.ts';
import { createReviewRepository } from '../../shared/persistence/review-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { getReview } from './handler.ts';
import { createEvidenceReader } from './read-evidence.ts';

export const compose = (platform: BasePlatform) => {
  const stores = storesFromEnv(platform, {
    reviews: createReviewRepository,
    payments: createPaymentRepository,
    orders: createOrderRepository,
    compensations: createCompensationRepository,
    refunds: createRefundRepository,
  });

  return httpHandler(getReview({ ...stores, readEvidence: createEvidenceReader(stores) }));
};
