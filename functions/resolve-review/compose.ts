import { createCaptureAfterReview } from '../../shared/application/payments/capture-payment.ts';
import {
  createFailRefund,
  createRecordExternalRefund,
  createSettleRefund,
} from '../../shared/application/refunds/settle-refund.ts';
import type { BasePlatform } from '../../shared/config/platform.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import type { GatewayPlatform } from '../../shared/gateway/gateway-from-env.ts';
import { withLatencyMetrics } from '../../shared/gateway/metered-gateway.ts';
import { httpHandler } from '../../shared/http/http-handler.ts';
import { createCompensationRepository } from '../../shared/persistence/compensation-repository.ts';
import { createReviewRepository } from '../../shared/persistence/review-repository.ts';
import { refundStoresFromEnv, storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { createDifferenceResolver } from './difference-resolver.ts';
import { resolveReview } from './handler.ts';
import { createPaymentResolver } from './payment-resolver.ts';
import { createRefundResolver } from './refund-resolver.ts';
import { createResolveReview } from './resolve.ts';
import { createEventResolver } from './review-resolver.ts';

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
    }),
  };
  const deps = { ...stores, ...inquiry };
  const resolvers = {
    payment: createPaymentResolver({ ...deps, settle: createCaptureAfterReview(stores) }),
    refund: createRefundResolver({
      ...deps,
      settle: createSettleRefund(stores),
      fail: createFailRefund(stores),
    }),
    'gateway-difference': createDifferenceResolver({
      ...deps,
      book: createRecordExternalRefund(stores),
    }),
    event: createEventResolver(stores),
  };
  const resolve = createResolveReview({ ...stores, resolvers });

  return httpHandler(resolveReview({ ...inquiry, resolve }));
};
