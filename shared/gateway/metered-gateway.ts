import type { Clock } from '../domain/time.ts';
import { recordMetric } from '../observability/metrics.ts';
import type { PaymentGateway } from './payment-gateway.ts';
import { withCallListener } from './recording-gateway.ts';

/** Records the latency of each gateway call by operation and outcome, and each rejection of our credentials. */
export const withLatencyMetrics = (gateway: PaymentGateway, clock: Clock): PaymentGateway =>
  withCallListener(gateway, {
    clock,
    onCall: ({ operation, outcome, durationMs }, { cause }) => {
      recordMetric('GatewayLatency', durationMs, { operation, gatewayOutcome: outcome });
      if (cause === 'credentials') recordMetric('GatewayCredentialsRejected', 1, {});
    },
  });
