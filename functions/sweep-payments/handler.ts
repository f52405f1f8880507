import type { Clock } from '../../shared/domain/time.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import { type SweepResult, summarize } from './sweep-result.ts';
import { type SweepSource, sweepShards } from './sweep-shards.ts';

interface Dependencies {
  readonly sources: readonly SweepSource[];
  readonly clock: Clock;
  readonly timings: Pick<Timings, 'sweepGraceMs'>;
}

/** Time left for the recoveries in progress and the summary. */
const reservedMs = 10_000;

/**
 * Finds overdue payments, refunds and orders and recovers each, until none is left or the time is nearly up.
 * Counts what is left over: the next sweep starts with it. A failed recovery does not stop the others.
 */
export const sweepPayments =
  ({ sources, clock, timings }: Dependencies) =>
  async ({ remainingMs }: { readonly remainingMs: number }): Promise<SweepResult> => {
    const at = clock.now();
    const deadline = at.getTime() + remainingMs - reservedMs;
    const { results, left } = await sweepShards(sources, {
      at,
      overdueSince: new Date(at.getTime() - timings.sweepGraceMs),
      isTimeUp: () => clock.now().getTime() >= deadline,
    });

    return summarize(results, left);
  };
