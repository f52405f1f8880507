import { requireEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { paymentGateway } from '../../shared/gateway/gateway-from-env.ts';
import { measured } from '../../shared/gateway/metered-gateway.ts';
import type { Asking } from './inquire-gateway.ts';

/** A decision may call the gateway three times, and API Gateway waits for 30 s. */
const longestCallMs = 8_000;

export const askingFromEnv = (): Asking => {
  const { PG_URL: url } = requireEnv('PG_URL');
  const timings = timingsFromEnv();
  const pgTimeoutMs = Math.min(timings.pgTimeoutMs, longestCallMs);
  const gateway = measured(paymentGateway({ url, timings: { ...timings, pgTimeoutMs } }));

  return { gateway, clock, timings };
};
