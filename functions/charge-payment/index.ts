import {
  consumerConfigFromEnv,
  eventConsumer,
} from '../../shared/application/events/event-consumer.ts';
import { createCapturePayment } from '../../shared/application/payments/capture-payment.ts';
import { createRecordChargeOutcome } from '../../shared/application/payments/record-charge-outcome.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { paymentGatewayFromEnv } from '../../shared/gateway/gateway-from-env.ts';
import { withLatencyMetrics } from '../../shared/gateway/metered-gateway.ts';
import { createCircuitBreaker } from '../../shared/lambda/circuit-breaker.ts';
import { paymentStoresFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { isNotSent } from './attempt-charge.ts';
import { chargePayment } from './handler.ts';

const { PG_URL: url } = requireEnv('PG_URL');
const timings = timingsFromEnv();
const stores = paymentStoresFromEnv();
const gateway = withLatencyMetrics(paymentGatewayFromEnv({ url, timings }));
const settle = createCapturePayment(stores);
const record = createRecordChargeOutcome({
  ...stores,
  capturePayment: settle,
  clock,
  by: 'charge-payment',
});
const breaker = createCircuitBreaker({ openMs: timings.circuitOpenMs, isFailure: isNotSent });
const charge = chargePayment({ ...stores, gateway, breaker, record, clock, timings });

export const handler = eventConsumer(
  'charge-payment',
  ({ subject }) => charge(subject),
  consumerConfigFromEnv('charge-payment', timings.claimLeaseMs),
);
