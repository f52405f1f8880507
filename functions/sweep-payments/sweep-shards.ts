import { emptyQueue } from '../../shared/config/work-queue.ts';
import { dueShards } from '../../shared/domain/due-index.ts';
import type { DueIndex } from '../../shared/persistence/due-index.ts';
import type { RecoveryResult } from './sweep-result.ts';

/** A table with a due index, and how to recover one of its items. */
export interface SweepSource {
  readonly index: DueIndex;
  readonly recoverAt: (at: Date) => (id: string) => Promise<RecoveryResult>;
}

const pageSize = 25;

/** So at most 300 items are recovered at once. */
const maxConcurrentPages = 12;

/** The results of a sweep, and how many items were found, at least, but not handled in time. */
interface SweptPages {
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

/**
 * Recovers the overdue items of all shards of all sources until none is left or the time is up. The shards take
 * turns by page, so that a long one holds up no other. Then the next page of each shard is counted. Throws if a
 * shard cannot be read, after all others were swept.
 */
export const sweepShards = async (
  sources: readonly SweepSource[],
  { at, overdueSince, isTimeUp }: SweepOptions,
): Promise<SweptPages> => {
  const results: PromiseSettledResult<RecoveryResult>[] = [];
  let left = 0;
  const turns = dueShards.flatMap((shard) =>
    sources.map((source) => ({
      pages: source.index.pagesOfShard(shard, overdueSince, pageSize),
      recoverOne: recoverOrReschedule(source, at),
    })),
  );
  await emptyQueue(turns, maxConcurrentPages, async (turn) => {
    const { value: ids = [], done } = await turn.pages.next();
    if (done) return;
    if (isTimeUp()) {
      left += ids.length;

      return;
    }
    results.push(...(await Promise.allSettled(ids.map(turn.recoverOne))));
    turns.push(turn);
  });

  return { results, left };
};
