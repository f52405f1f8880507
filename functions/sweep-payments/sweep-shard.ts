import type { DueIndex } from '../../shared/persistence/due-index.ts';
import type { RecoveryResult } from './sweep-result.ts';

/** A table of what moves by itself, and how one of its things is mended that did not. */
export interface SweepSource {
  readonly index: DueIndex;
  readonly recoverAt: (at: Date) => (id: string) => Promise<RecoveryResult>;
}

const pageSize = 25;

/** What a sweep of one shard has done, and how many it has found, at least, that it had no time for. */
export interface ShardSweepResult {
  readonly results: readonly PromiseSettledResult<RecoveryResult>[];
  readonly left: number;
}

/** What cannot be mended is put behind the others, so that the next sweep begins with those that it may help; it stays due, and is told. */
const recoverOrReschedule =
  ({ index, recoverAt }: SweepSource, at: Date) =>
  async (id: string): Promise<RecoveryResult> => {
    try {
      return await recoverAt(at)(id);
    } catch (fault) {
      // Where this fails too, it stands before the others once more, and is met with the same.
      await index.reschedule(id, at).catch(() => {});
      throw fault;
    }
  };

interface SweepOptions {
  readonly at: Date;
  readonly overdueSince: Date;
  readonly isTimeUp: () => boolean;
}

/** Mends what has been overdue in one shard since a time, page by page, until nothing is left or the time is up. */
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
