import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { patience } from '../../shared/runtime/aws.ts';
import { systemClock as clock } from '../../shared/runtime/clock.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { once } from '../../shared/runtime/idempotency.ts';
import { type Tick, tickHandler } from '../../shared/runtime/tick-handler.ts';
import { timingsFromEnv } from '../../shared/runtime/timings.ts';
import { sweepPayments } from './handler.ts';
import { sourcesFromEnv } from './sources.ts';

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
