import type { Due } from '../../shared/persistence/due-index.ts';
import type { Mended } from './recover-payment.ts';

/** A table of what moves by itself, and how one of its things is mended that did not. */
export interface Source {
  readonly due: Due;
  readonly mendAt: (at: Date) => (id: string) => Promise<Mended>;
}

const pageSize = 25;

/** What a sweep of one shard has done, and how many it has found, at least, that it had no time for. */
export interface SweptShard {
  readonly mended: readonly PromiseSettledResult<Mended>[];
  readonly left: number;
}

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

interface Sweep {
  readonly at: Date;
  readonly overdueSince: Date;
  readonly isTimeUp: () => boolean;
}

/** Mends what has been overdue in one shard since a time, page by page, until nothing is left or the time is up. */
export const sweepShard =
  ({ at, overdueSince, isTimeUp }: Sweep) =>
  async (source: Source, shard: string): Promise<SweptShard> => {
    const mendOne = mendOrPutBehind(source, at);
    const mended: PromiseSettledResult<Mended>[] = [];
    for await (const ids of source.due.inShard(shard, overdueSince, pageSize)) {
      if (isTimeUp()) return { mended, left: ids.length };
      mended.push(...(await Promise.allSettled(ids.map(mendOne))));
    }

    return { mended, left: 0 };
  };
