import type { Clock } from '../../shared/domain/clock.ts';
import { dueShards } from '../../shared/domain/due-shards.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import { type Source, sweepShard } from './sweep-shard.ts';
import { type Swept, told } from './swept.ts';

interface Dependencies {
  readonly sources: readonly Source[];
  readonly clock: Clock;
  readonly timings: Pick<Timings, 'overdueAfterMs'>;
}

/** Finds what did not move in time and does the next right thing for each. One that cannot be mended stops no other. */
export const sweepPayments =
  ({ sources, clock, timings }: Dependencies) =>
  async (): Promise<Swept> => {
    const at = clock.now();
    const sweep = sweepShard(at, new Date(at.getTime() - timings.overdueAfterMs));
    const shards = sources.flatMap((source) => dueShards.map((shard) => sweep(source, shard)));

    return told((await Promise.all(shards)).flat());
  };
