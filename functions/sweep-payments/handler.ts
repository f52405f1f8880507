import { dueShards } from '../../shared/domain/due-index.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import { type SweepResult, summarize } from './sweep-result.ts';
import { type SweepSource, sweepShard } from './sweep-shard.ts';

interface Dependencies {
  readonly sources: readonly SweepSource[];
  readonly clock: Clock;
  readonly timings: Pick<Timings, 'sweepGraceMs'>;
}

/** Time left for the recoveries in progress and the summary. */
const reservedMs = 10_000;

/**
 * Finds overdue payments, refunds and orders and recovers each, until none is left or the time is nearly up.
 * Sweeps all shards concurrently. Counts what is left over: the next sweep starts with it. A failed recovery
 * does not stop the others.
 */
export const sweepPayments =
  ({ sources, clock, timings }: Dependencies) =>
  async ({ remainingMs }: { readonly remainingMs: number }): Promise<SweepResult> => {
    const at = clock.now();
    const deadline = at.getTime() + remainingMs - reservedMs;
    const sweep = sweepShard({
      at,
      overdueSince: new Date(at.getTime() - timings.sweepGraceMs),
      isTimeUp: () => clock.now().getTime() >= deadline,
    });
    const shards = sources.flatMap((source) => dueShards.map((shard) => sweep(source, shard)));

    const shardResults = await Promise.all(shards);
    const left = shardResults.reduce((sum, shard) => sum + shard.left, 0);

    return summarize(
      shardResults.flatMap(({ results }) => results),
      left,
    );
  };
