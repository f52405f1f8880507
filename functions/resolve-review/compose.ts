import { requireEnv } from '../../shared/config/env.ts';
import type { BasePlatform } from '../../shared/config/platform.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { parsePointsRate } from '../../shared/domain/points/points-rate.ts';
import type { GatewayPlatform } from '../../shared/gateway/gateway-from-env.ts';
import { withLatencyMetrics } from '../../shared/gateway/metered-gateway.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { createAuditLog } from '../../shared/persistence/audit-log.ts';
import { createCompensationRepository } from '../../shared/persistence/compensation-repository.ts';
import { createCouponRepository } from '../../shared/persistence/coupon-repository.ts';
import { createReviewRepository } from '../../shared/persistence/review-repository.ts';
import { refundStoresFromEnv, storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { resolveReview } from './handler.ts';
import { createResolveReview } from './resolve.ts';
import { createResolvers } from './resolvers.ts';
import { createStoreProposal } from './store-proposal.ts';

type Platform = BasePlatform & Pick<GatewayPlatform, 'openGateway'>;

/** One decision makes up to three gateway calls, and API Gateway waits for 30 s. */
const maxCallMs = 8_000;

const inquiryDependencies = ({ environment, clock, openGateway }: Platform) => {
  const timings = timingsFromEnv(environment);
  const pgTimeoutMs = Math.min(timings.pgTimeoutMs, maxCallMs);
  const gateway = withLatencyMetrics(openGateway(environment, { ...timings, pgTimeoutMs }), clock);

  return { gateway, clock, timings };
};

export const compose = (platform: Platform) => {
  const inquiry = inquiryDependencies(platform);
  const stores = {
    ...refundStoresFromEnv(platform),
    ...storesFromEnv(platform, {
      reviews: createReviewRepository,
      compensations: createCompensationRepository,
      coupons: createCouponRepository,
      audits: createAuditLog,
    }),
  };
  const env = requireEnv(platform.environment, 'REVIEW_APPROVAL_AMOUNT', 'POINTS_RATE_PERCENT');
  const rate = parsePointsRate(env.POINTS_RATE_PERCENT);
  const resolvers = createResolvers({ ...stores, ...inquiry, rate });
  const resolve = createResolveReview({
    ...stores,
    resolvers,
    storeProposal: createStoreProposal(stores),
    approvalAmount: Number(env.REVIEW_APPROVAL_AMOUNT),
  });

  return httpHandler(resolveReview({ ...inquiry, resolve }));
};
