import type { BasePlatform, EventBridgePlatform } from '../../shared/config/platform.ts';
import { timingsFromEnv } from '../../shared/config/timings-from-env.ts';
import { idempotencyFromEnv, idempotent } from '../../shared/lambda/idempotency.ts';
import { type ScheduledRun, scheduleHandler } from '../../shared/lambda/schedule-handler.ts';
import { sweepPayments } from './handler.ts';
import { sweepSourcesFromEnv } from './sweep-sources.ts';

export const compose = (platform: BasePlatform & EventBridgePlatform) => {
  const { environment, clock } = platform;
  const timings = timingsFromEnv(environment);
  const work = sweepPayments({ sources: sweepSourcesFromEnv(platform, timings), clock, timings });
  const sweepOnce = idempotent(
    {
      ...idempotencyFromEnv(platform),
      name: 'sweep-payments',
      keyOf: ({ tick }: ScheduledRun) => tick,
    },
    (input: ScheduledRun & { readonly remainingMs: number }) => work(input),
  );

  return scheduleHandler(
    (tick, context) =>
      sweepOnce({ ...tick, remainingMs: context.getRemainingTimeInMillis() }, context),
    clock,
  );
};
