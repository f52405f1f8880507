import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { patience } from '../../shared/config/aws-clients.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { once } from '../../shared/lambda/idempotency.ts';
import { type Tick, tickHandler } from '../../shared/lambda/schedule-handler.ts';
import { sweepPayments } from './handler.ts';
import { sourcesFromEnv } from './sweep-sources.ts';

const { IDEMPOTENCY_TABLE: table } = requireEnv('IDEMPOTENCY_TABLE');
const timings = timingsFromEnv();
const bus = new EventBridgeClient({ maxAttempts: 3, requestHandler: patience });
const work = sweepPayments({ sources: sourcesFromEnv(bus, timings), clock, timings });
const keyOf = ({ tick }: Tick) => tick;
const sweepOnce = once(
  { table, name: 'sweep-payments', keyOf },
  (input: Tick & { readonly remainingMs: number }) => work(input),
);

export const handler = tickHandler(
  (tick, context) =>
    sweepOnce({ ...tick, remainingMs: context.getRemainingTimeInMillis() }, context),
  clock,
);
