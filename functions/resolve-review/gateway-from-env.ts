import { requireEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { paymentGatewayFromEnv } from '../../shared/gateway/gateway-from-env.ts';
import { withLatencyMetrics } from '../../shared/gateway/metered-gateway.ts';
import type { GatewayInquiryDependencies } from './inquire-gateway.ts';

/** A decision may call the gateway three times, and API Gateway waits for 30 s. */
const maxCallMs = 8_000;

export const gatewayFromEnv = (): GatewayInquiryDependencies => {
  const { PG_URL: url } = requireEnv('PG_URL');
  const timings = timingsFromEnv();
  const pgTimeoutMs = Math.min(timings.pgTimeoutMs, maxCallMs);
  const gateway = withLatencyMetrics(
    paymentGatewayFromEnv({ url, timings: { ...timings, pgTimeoutMs } }),
  );

  return { gateway, clock, timings };
};
