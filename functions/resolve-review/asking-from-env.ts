import { paymentGateway } from '../../shared/pg/gateway.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { measured } from '../../shared/runtime/measured-gateway.ts';
import { timingsFromEnv } from '../../shared/runtime/timings.ts';
import type { Asking } from './ask-gateway.ts';

/** A decision may call the gateway three times, and API Gateway waits for 30 s. */
const longestCallMs = 8_000;

export const askingFromEnv = (): Asking => {
  const { PG_URL: url } = requireEnv('PG_URL');
  const timings = timingsFromEnv();
  const pgTimeoutMs = Math.min(timings.pgTimeoutMs, longestCallMs);
  const gateway = measured(paymentGateway({ url, timings: { ...timings, pgTimeoutMs } }));

  return { gateway, clock, timings };
};
