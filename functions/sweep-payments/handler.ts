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

/** Of the time of the function: enough for what was begun, and to say what was done. */
const reservedMs = 10_000;

/**
 * Finds what did not move in time and does the next right thing for each, until nothing is left or its own time is nearly over. All shards
 * go on side by side, so that none waits for another; what is left over is counted, and the next sweep begins with it. One that cannot be
 * mended stops no other.
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
