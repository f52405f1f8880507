import type { DueIndex } from '../../shared/persistence/due-index.ts';
import type { RecoveryResult } from './sweep-result.ts';

/** A table with a due index, and how to recover one of its items. */
export interface SweepSource {
  readonly index: DueIndex;
  readonly recoverAt: (at: Date) => (id: string) => Promise<RecoveryResult>;
}

const pageSize = 25;

/** The results of one shard, and how many items were found, at least, but not handled in time. */
export interface ShardSweepResult {
  readonly results: readonly PromiseSettledResult<RecoveryResult>[];
  readonly left: number;
}

/**
 * If a recovery fails, reschedules the item behind the others, so that the next sweep starts with those. The
 * item stays due and its fault is reported.
 */
const recoverOrReschedule =
  ({ index, recoverAt }: SweepSource, at: Date) =>
  async (id: string): Promise<RecoveryResult> => {
    try {
      return await recoverAt(at)(id);
    } catch (fault) {
      // If this fails too, the item keeps its place, and the next sweep meets the same fault.
      await index.reschedule(id, at).catch(() => {});
      throw fault;
    }
  };

interface SweepOptions {
  readonly at: Date;
  readonly overdueSince: Date;
  readonly isTimeUp: () => boolean;
}

/** Recovers the overdue items of one shard page by page, until none is left or the time is up. */
export const sweepShard =
  ({ at, overdueSince, isTimeUp }: SweepOptions) =>
  async (source: SweepSource, shard: string): Promise<ShardSweepResult> => {
    const recoverOne = recoverOrReschedule(source, at);
    const results: PromiseSettledResult<RecoveryResult>[] = [];
    for await (const ids of source.index.pagesOfShard(shard, overdueSince, pageSize)) {
      if (isTimeUp()) return { results, left: ids.length };
      results.push(...(await Promise.allSettled(ids.map(recoverOne))));
    }

    return { results, left: 0 };
  };
