import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { sweepPayments } from '../../../../functions/sweep-payments/handler.ts';
import { dueShardOf, dueShards } from '../../../../shared/domain/due-index.ts';
import { derivePaymentId } from '../../../../shared/domain/ids.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { flushMetrics } from '../../../../shared/observability/metrics.ts';
import { createPaymentBacklogReader } from '../../../../shared/persistence/backlog-repository.ts';
import { createDueIndex } from '../../../../shared/persistence/due-index.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';

const { sweepGraceMs } = timings.local;

const ids = fc
  .uniqueArray(fc.nat(), { minLength: 1, maxLength: 80 })
  .map((keys) => keys.map((key) => derivePaymentId('alice', `${key}`)));

/** Payments that are due. An earlier version, which wrote to four shards, has written some of them. */
const duePayments = fc.tuple(ids, fc.infiniteStream(fc.boolean())).map(([all, isEarlier]) =>
  all.map((paymentId) => {
    const shard = dueShardOf(paymentId);

    return {
      ...aPayment({ paymentId }),
      dueAt: noon.toISOString(),
      dueShard: isEarlier.next().value ? `${Number(shard) % 4}` : shard,
    };
  }),
);

const tableOf = (payments: readonly object[]) => {
  const tables = new MemoryDynamo({ Payments: ['paymentId'] });
  for (const payment of payments) tables.put('Payments', payment);

  return tables.client;
};

/** The ids of the items that a sweep recovers, and how many it recovers at once. */
const sweepAll = async (payments: readonly { readonly paymentId: string }[]) => {
  const swept: string[] = [];
  let running = 0;
  let mostAtOnce = 0;
  const source = {
    index: createDueIndex(tableOf(payments), 'Payments', 'paymentId'),
    recoverAt: () => async (id: string) => {
      running += 1;
      mostAtOnce = Math.max(mostAtOnce, running);
      await new Promise(setImmediate);
      running -= 1;
      swept.push(id);

      return 'already-handled' as const;
    },
  };
  const clock = { now: () => new Date(noon.getTime() + sweepGraceMs) };
  await sweepPayments({ sources: [source], clock, timings: timings.local })({
    remainingMs: 55_000,
  });

  return { swept, mostAtOnce };
};

afterEach(() => flushMetrics());

describe('due shards', () => {
  it('have a sweep for each item, also for those of an earlier version', async () => {
    await fc.assert(
      fc.asyncProperty(duePayments, async (payments) => {
        const { swept } = await sweepAll(payments);

        expect(swept.toSorted()).toEqual(payments.map(({ paymentId }) => paymentId).toSorted());
      }),
      { numRuns: 30 },
    );
  });

  it('are swept twelve at once', async () => {
    const onePerShard = dueShards.map((dueShard) => ({
      ...aPayment({}),
      dueAt: noon.toISOString(),
      dueShard,
    }));

    const { swept, mostAtOnce } = await sweepAll(onePerShard);

    expect(swept).toHaveLength(64);
    expect(mostAtOnce).toBe(12);
  });

  it('are all in the backlog', async () => {
    await fc.assert(
      fc.asyncProperty(duePayments, async (payments) => {
        expect(await createPaymentBacklogReader(tableOf(payments), 'Payments')()).toHaveLength(
          payments.length,
        );
      }),
      { numRuns: 30 },
    );
  });

  it('get about as many of the ids each', () => {
    const counts = new Map<string, number>();
    for (let key = 0; key < 6_400; key += 1) {
      const shard = dueShardOf(derivePaymentId('alice', `${key}`));
      counts.set(shard, (counts.get(shard) ?? 0) + 1);
    }

    expect([...counts.keys()].toSorted()).toEqual(dueShards.toSorted());
    expect(Math.min(...counts.values())).toBeGreaterThan(60);
    expect(Math.max(...counts.values())).toBeLessThan(140);
  });
});
