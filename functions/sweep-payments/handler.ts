import type { DuePayments } from '../../shared/data/due-payments.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import { dueShards } from '../../shared/domain/due-shards.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { Mended } from './mend.ts';
import { type Swept, staysOverdue, told } from './swept.ts';

interface Dependencies {
  readonly due: DuePayments;
  readonly mendAt: (at: Date) => (paymentId: string) => Promise<Mended>;
  readonly clock: Clock;
  readonly timings: Pick<Timings, 'overdueAfterMs'>;
}

/** Of each of the index's shards: what is left over is found by the next sweep. */
const pageSize = 25;
/** Past payments that nobody can mend, and that would stand before the others for ever. */
const mostPages = 8;

/** Finds payments that did not move in time and does the next right thing for each. One that cannot be mended stops no other. */
export const sweepPayments =
  ({ due, mendAt, clock, timings }: Dependencies) =>
  async (): Promise<Swept> => {
    const at = clock.now();
    const overdueSince = new Date(at.getTime() - timings.overdueAfterMs);
    const sweepShard = async (shard: string) => {
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

    return told((await Promise.all(dueShards.map(sweepShard))).flat());
  };
