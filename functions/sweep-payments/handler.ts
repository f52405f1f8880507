import type { DuePayments } from '../../shared/data/due-payments.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { Mended } from './mend.ts';
import { type Swept, told } from './swept.ts';

interface Dependencies {
  readonly due: DuePayments;
  readonly mendAt: (at: Date) => (paymentId: string) => Promise<Mended>;
  readonly clock: Clock;
  readonly timings: Pick<Timings, 'overdueAfterMs'>;
}

/** Of each of the index's shards: what is left over is found by the next sweep. */
const mostOfAShard = 25;

/** Finds payments that did not move in time and does the next right thing for each. One that cannot be mended stops no other. */
export const sweepPayments =
  ({ due, mendAt, clock, timings }: Dependencies) =>
  async (): Promise<Swept> => {
    const at = clock.now();
    const ids = await due.by(new Date(at.getTime() - timings.overdueAfterMs), mostOfAShard);
    const mended = await Promise.allSettled(ids.map(mendAt(at)));

    return told(mended);
  };
