import {
  deferringConsumerConfigFromEnv,
  eventConsumer,
} from '../../shared/application/events/event-consumer.ts';
import { createCapturePayment } from '../../shared/application/payments/capture-payment.ts';
import { createRecordChargeOutcome } from '../../shared/application/payments/record-charge-outcome.ts';
import type { BasePlatform, SqsPlatform } from '../../shared/config/platform.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import type { GatewayPlatform } from '../../shared/gateway/gateway-from-env.ts';
import { withLatencyMetrics } from '../../shared/gateway/metered-gateway.ts';
import { createCircuitBreaker } from '../../shared/lambda/circuit-breaker.ts';
import { paymentStoresFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { isNotSent } from './attempt-charge.ts';
import { chargePayment, findCharged } from './handler.ts';

type Platform = BasePlatform & SqsPlatform & Pick<GatewayPlatform, 'openGateway'>;

export const compose = (platform: Platform) => {
  const { environment, clock, openGateway } = platform;
  const timings = timingsFromEnv(environment);
  const stores = paymentStoresFromEnv(platform);
  const gateway = withLatencyMetrics(openGateway(environment, timings), clock);
  const record = createRecordChargeOutcome({
    ...stores,
    capturePayment: createCapturePayment(stores),
    clock,
    by: 'charge-payment',
  });
  const breaker = createCircuitBreaker({ openMs: timings.circuitOpenMs, isFailure: isNotSent });

  return eventConsumer(
    deferringConsumerConfigFromEnv(platform, 'charge-payment'),
    chargePayment({ ...stores, gateway, breaker, record, clock, timings }),
    findCharged(stores),
  );
};
