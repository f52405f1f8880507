import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { requestTimeouts } from '../../shared/config/aws-clients.ts';
import { requireEnv } from '../../shared/config/env.ts';
import { systemClock as clock } from '../../shared/config/system-clock.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { idempotent } from '../../shared/lambda/idempotency.ts';
import { type ScheduledRun, scheduleHandler } from '../../shared/lambda/schedule-handler.ts';
import { sweepPayments } from './handler.ts';
import { sweepSourcesFromEnv } from './sweep-sources.ts';

const { IDEMPOTENCY_TABLE: table } = requireEnv('IDEMPOTENCY_TABLE');
const timings = timingsFromEnv();
const bus = new EventBridgeClient({ maxAttempts: 3, requestHandler: requestTimeouts });
const work = sweepPayments({ sources: sweepSourcesFromEnv(bus, timings), clock, timings });
const keyOf = ({ tick }: ScheduledRun) => tick;
const sweepOnce = idempotent(
  { table, name: 'sweep-payments', keyOf },
  (input: ScheduledRun & { readonly remainingMs: number }) => work(input),
);

export const handler = scheduleHandler(
  (tick, context) =>
    sweepOnce({ ...tick, remainingMs: context.getRemainingTimeInMillis() }, context),
  clock,
);
