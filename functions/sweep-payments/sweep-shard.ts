import type { Due } from '../../shared/data/due.ts';
import type { Mended } from './mend.ts';
import { staysOverdue } from './swept.ts';

/** A table of what moves by itself, and how one of its things is mended that did not. */
export interface Source {
  readonly due: Due;
  readonly mendAt: (at: Date) => (id: string) => Promise<Mended>;
}

/** What is left over is found by the next sweep. */
const pageSize = 25;
/** Past those that nobody can mend, and that would stand before the others for ever. */
const mostPages = 8;

/** Mends what has been overdue in one shard since a time, page by page. */
export const sweepShard =
  (at: Date, overdueSince: Date) =>
  async ({ due, mendAt }: Source, shard: string) => {
    const mended: PromiseSettledResult<Mended>[] = [];
    let pages = 0;
    for await (const ids of due.inShard(shard, overdueSince, pageSize)) {
      const page = await Promise.allSettled(ids.map(mendAt(at)));
      mended.push(...page);
      pages += 1;
      if (pages === mostPages || !page.some(staysOverdue)) break;
    }

    return mended;
  };
