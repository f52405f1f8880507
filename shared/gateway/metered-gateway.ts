import { recordMetric } from '../observability/metrics.ts';
import type { PaymentGateway } from './payment-gateway.ts';
import { withCallListener } from './recording-gateway.ts';

/** The gateway, each of its requests measured by what was asked and how it ended. */
export const withLatencyMetrics = (gateway: PaymentGateway): PaymentGateway =>
  withCallListener(gateway, ({ operation, outcome, durationMs }, { cause }) => {
    recordMetric('GatewayLatency', durationMs, { operation, gatewayOutcome: outcome });
    if (cause === 'credentials') recordMetric('GatewayCredentialsRejected', 1, {});
  });
