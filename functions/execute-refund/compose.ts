import { deferringConsumerConfigFromEnv } from '../../shared/application/events/event-consumer.ts';
import {
  createFailRefund,
  createSettleRefund,
} from '../../shared/application/refunds/settle-refund.ts';
import type { BasePlatform, SqsPlatform } from '../../shared/config/platform.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { subscriptions } from '../../shared/domain/events/subscriptions.ts';
import type { GatewayPlatform } from '../../shared/gateway/gateway-from-env.ts';
import { withLatencyMetrics } from '../../shared/gateway/metered-gateway.ts';
import { idempotentByMarker } from '../../shared/lambda/marker-idempotency.ts';
import { sqsHandler } from '../../shared/lambda/sqs-handler.ts';
import { refundStoresFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { attemptKeyOf, attemptRefund, findAttempt, isAttemptLost } from './attempt-refund.ts';
import { executeRefund } from './handler.ts';

type Platform = BasePlatform & SqsPlatform & Pick<GatewayPlatform, 'openGateway'>;

const name = 'execute-refund';

export const compose = (platform: Platform) => {
  const { environment, clock, openGateway } = platform;
  const timings = timingsFromEnv(environment);
  const { queue } = deferringConsumerConfigFromEnv(platform, name);
  const stores = refundStoresFromEnv(platform);
  const gateway = withLatencyMetrics(openGateway(environment, timings), clock);
  const refundWriters = { settle: createSettleRefund(stores), fail: createFailRefund(stores) };
  const attempt = idempotentByMarker(
    {
      name,
      keyOf: attemptKeyOf,
      hasFailedCondition: isAttemptLost,
      findResult: findAttempt(stores),
    },
    attemptRefund({ ...stores, ...refundWriters, gateway, clock, timings }),
  );

  return sqsHandler(subscriptions[name], queue, executeRefund({ ...stores, attempt, clock }));
};
