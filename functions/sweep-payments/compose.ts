import type { BasePlatform, EventBridgePlatform } from '../../shared/config/platform.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { idempotent } from '../../shared/lambda/idempotency.ts';
import { type ScheduledRun, scheduleHandler } from '../../shared/lambda/schedule-handler.ts';
import { sweepPayments } from './handler.ts';
import { sweepSourcesFromEnv } from './sweep-sources.ts';

export const compose = (platform: BasePlatform & EventBridgePlatform) => {
  const { environment, clock } = platform;
  const timings = timingsFromEnv(environment);
  const work = sweepPayments({ sources: sweepSourcesFromEnv(platform, timings), clock, timings });
  // Another process repeats a run: the lease of each item decides which of two recovers it.
  const sweepOnce = idempotent(
    { name: 'sweep-payments', keyOf: ({ tick }: ScheduledRun) => tick, storedRejections: [] },
    (input: ScheduledRun & { readonly remainingMs: number }) => work(input),
  );

  return scheduleHandler(
    (tick, context) =>
      sweepOnce({ ...tick, remainingMs: context.getRemainingTimeInMillis() }, context),
    clock,
  );
};
