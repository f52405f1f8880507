import type { Due } from '../../shared/data/due.ts';
import type { Mended } from './mend.ts';

/** A table of what moves by itself, and how one of its things is mended that did not. */
export interface Source {
  readonly due: Due;
  readonly mendAt: (at: Date) => (id: string) => Promise<Mended>;
}

const pageSize = 25;
/** Well inside the time of the function. What is left over is found by the next sweep. */
const mostPages = 8;

/** What cannot be mended is put behind the others, so that the next sweep begins with those that it may help; it stays due, and is told. */
const mendOrPutBehind =
  ({ due, mendAt }: Source, at: Date) =>
  async (id: string): Promise<Mended> => {
    try {
      return await mendAt(at)(id);
    } catch (fault) {
      // Where this fails too, it stands before the others once more, and is met with the same.
      await due.putBehind(id, at).catch(() => {});
      throw fault;
    }
  };

/** Mends what has been overdue in one shard since a time, page by page. */
export const sweepShard =
  (at: Date, overdueSince: Date) => async (source: Source, shard: string) => {
    const mendOne = mendOrPutBehind(source, at);
    const mended: PromiseSettledResult<Mended>[] = [];
    let pages = 0;
    for await (const ids of source.due.inShard(shard, overdueSince, pageSize)) {
      mended.push(...(await Promise.allSettled(ids.map(mendOne))));
      pages += 1;
      if (pages === mostPages) break;
    }

    return mended;
  };
