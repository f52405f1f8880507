import { deferringConsumerConfigFromEnv } from '../../shared/application/events/event-consumer.ts';
import { createCapturePayment } from '../../shared/application/payments/capture-payment.ts';
import {
  createRecordChargeOutcome,
  createRecordEvidence,
} from '../../shared/application/payments/record-charge-outcome.ts';
import { createDifferenceReviews } from '../../shared/application/reviews/difference-reviews.ts';
import { createDisputeReviews } from '../../shared/application/reviews/dispute-reviews.ts';
import type { BasePlatform, SqsPlatform } from '../../shared/config/platform.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { subscriptions } from '../../shared/domain/events/subscriptions.ts';
import type { GatewayPlatform } from '../../shared/gateway/gateway-from-env.ts';
import { withLatencyMetrics } from '../../shared/gateway/metered-gateway.ts';
import { idempotentByMarker } from '../../shared/lambda/marker-idempotency.ts';
import { sqsHandler } from '../../shared/lambda/sqs-handler.ts';
import { createReviewRepository } from '../../shared/persistence/review-repository.ts';
import { paymentStoresFromEnv, storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { createCompareWithGateway } from './compare-with-gateway.ts';
import { inquirePayment } from './handler.ts';
import { findInquiry, inquireOnce, inquiryKeyOf } from './inquire-once.ts';

type Platform = BasePlatform & SqsPlatform & Pick<GatewayPlatform, 'openGateway'>;

const name = 'inquire-payment';

export const compose = (platform: Platform) => {
  const { environment, clock, openGateway } = platform;
  const timings = timingsFromEnv(environment);
  const { queue } = deferringConsumerConfigFromEnv(platform, name);
  const gateway = withLatencyMetrics(openGateway(environment, timings), clock);
  const stores = paymentStoresFromEnv(platform);
  const deps = { ...stores, gateway, clock, timings };
  const recorder = { ...stores, capturePayment: createCapturePayment(stores), clock, by: name };
  const step = idempotentByMarker(
    {
      name,
      keyOf: inquiryKeyOf,
      hasFailedCondition: ({ isLost = false }) => isLost,
      findResult: findInquiry(stores),
    },
    inquireOnce({
      ...deps,
      record: createRecordChargeOutcome(recorder),
      recordEvidence: createRecordEvidence(recorder),
    }),
  );
  const reviews = storesFromEnv(platform, { reviews: createReviewRepository });
  const disputes = createDisputeReviews({ ...stores, ...reviews });
  const differences = createDifferenceReviews({ ...stores, ...reviews });
  const compare = createCompareWithGateway({ ...deps, disputes, differences });

  return sqsHandler(subscriptions[name], queue, inquirePayment({ ...deps, step, compare }));
};
