import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dayPartitions } from '../../../shared/persistence/dynamodb/keys.ts';
import { createRankingRepository } from '../../../shared/persistence/ranking-repository.ts';
import { noonClock } from '../../support/builders/consumer-events.ts';
import { MemoryDynamo } from '../../support/fakes/memory-dynamo.ts';

it('ranks what was counted, on whatever partitions it is', async () => {
  const stockItem = fc.record({ product: fc.nat(12), shard: fc.nat(3) });
  const sales = fc.array(fc.record({ item: stockItem, units: fc.integer({ min: -4, max: 9 }) }), {
    maxLength: 60,
  });

  await fc.assert(
    fc.asyncProperty(sales, async (counted) => {
      const tables = new MemoryDynamo({ Rankings: ['day', 'entry'] });
      const rankings = createRankingRepository(tables.client, 'Rankings');
      const expected = new Map<string, number>();
      for (const [index, { item, units }] of counted.entries()) {
        const sku = `sku-${item.product}`;
        expected.set(sku, (expected.get(sku) ?? 0) + units);
        const at = noonClock.now().toISOString();
        await rankings.count({
          ...{ eventId: `pay_${index}-3`, day: '2026-03-14', eventTime: at, countedAt: at },
          units: [{ sku, stockItem: item.shard === 0 ? sku : `${sku}#${item.shard}`, units }],
        });
      }

      const ranked = await rankings.top('2026-03-14', 100);

      expect(Object.fromEntries(ranked.map(({ sku, units }) => [sku, units]))).toEqual(
        Object.fromEntries([...expected].filter(([, units]) => units > 0)),
      );
      expect(ranked.map(({ units }) => units)).toEqual(
        ranked.map(({ units }) => units).toSorted((one, other) => other - one),
      );
      const partitions = tables
        .items<{ day: string; sku?: string }>('Rankings')
        .flatMap(({ day, sku }) => (sku ? [day] : []));
      expect(dayPartitions('2026-03-14')).toEqual(expect.arrayContaining(partitions));
      expect(partitions).not.toContain('2026-03-14');
    }),
    { numRuns: 50 },
  );
});
