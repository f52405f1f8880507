import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { getRankings } from '../../../../functions/get-rankings/handler.ts';
import { rankingsQuery } from '../../../../functions/get-rankings/request.ts';
import { updateRanking } from '../../../../functions/update-ranking/handler.ts';
import { createDatabase } from '../../../../shared/config/system-runtime.ts';
import type { DomainEvent } from '../../../../shared/domain/events/domain-event.ts';
import type { SaleEventName } from '../../../../shared/domain/outbox/stored-event.ts';
import { dayPartitions, rankingKey } from '../../../../shared/persistence/dynamodb/keys.ts';
import { createRankingRepository } from '../../../../shared/persistence/ranking-repository.ts';
import {
  aPaymentCompletedEvent,
  aRefundCompletedEvent,
  asConfirmed,
  noonClock,
} from '../../../support/builders/consumer-events.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';

const maxAgeMs = 60_000;

interface Given {
  readonly clock?: { readonly now: () => Date };
  readonly timeZone?: string;
}

const aShop = ({ clock = noonClock, ...options }: Given = {}) => {
  const tables = new MemoryDynamo({ Rankings: ['day', 'entry'] });
  const rankings = createRankingRepository(tables.client, 'Rankings');
  const get = getRankings({ rankings, clock, maxAgeMs, ...options });

  return {
    count: (event: DomainEvent<SaleEventName>) =>
      updateRanking({ rankings, clock, ...options })(asConfirmed(event)),
    put: (day: string, sku: string, units: number) =>
      tables.put('Rankings', { ...rankingKey.count(day, sku), sku, units }),
    putItem: (item: object) => tables.put('Rankings', item),
    ranked: async (query: Record<string, string> = {}) =>
      (await get(rankingsQuery.parse(query))).body,
  };
};

/** A shop whose clock is moved, and the best seller of today. */
const aLaterShop = () => {
  let time = noonClock.now().getTime();
  const shop = aShop({ clock: { now: () => new Date(time) } });

  return {
    ...shop,
    wait: (ms: number) => {
      time += ms;
    },
    bestSellers: async (query?: Record<string, string>) =>
      ((await shop.ranked(query)) as { items: { sku: string; units: number }[] }).items.map(
        ({ sku, units }) => `${sku} ${units}`,
      ),
  };
};

describe('GET /rankings', () => {
  it('returns the best sellers of the requested day', async () => {
    const { put, ranked } = aShop();
    put('2026-03-01', 'cup', 2);
    put('2026-03-01', 'tea', 7);
    put('2026-03-01', 'pot', 1);
    put('2026-03-02', 'pot', 9);

    expect(await ranked({ day: '2026-03-01', limit: '2' })).toEqual({
      day: '2026-03-01',
      items: [
        { rank: 1, sku: 'tea', units: 7 },
        { rank: 2, sku: 'cup', units: 2 },
      ],
    });
  });

  it('returns ten of today by default', async () => {
    const { put, ranked } = aShop();
    for (let number = 10; number < 22; number += 1) put('2026-03-14', `sku-${number}`, number);

    const { day, items } = (await ranked()) as { day: string; items: { sku: string }[] };

    expect(day).toBe('2026-03-14');
    expect(items.map(({ sku }) => sku)).toEqual(
      [21, 20, 19, 18, 17, 16, 15, 14, 13, 12].map((number) => `sku-${number}`),
    );
  });

  it("shows the shop's day as today", async () => {
    const evening = { now: () => new Date('2026-03-14T22:05:00Z') };
    const { count, ranked } = aShop({ clock: evening, timeZone: 'Asia/Seoul' });
    await count(aPaymentCompletedEvent({ completedAt: evening.now().toISOString() }));

    expect(await ranked()).toEqual({
      day: '2026-03-15',
      items: [{ rank: 1, sku: 'tea', units: 1 }],
    });
  });

  it('lists exactly the products with the most units, in one order, for any counts', async () => {
    const counts = fc.array(fc.integer({ min: -3, max: 9 }), { maxLength: 130 });

    await fc.assert(
      fc.asyncProperty(counts, fc.integer({ min: 1, max: 100 }), async (units, limit) => {
        const { put, ranked } = aShop();
        const names = units.map((_, index) => `sku-${String(index).padStart(3, '0')}`);
        for (const [index, sku] of names.entries()) put('2026-03-14', sku, units[index] as number);

        const { items } = (await ranked({ limit: String(limit) })) as { items: object[] };

        const expected = names
          .map((sku, index) => ({ sku, units: units[index] as number }))
          .filter((each) => each.units >= 1)
          .toSorted((one, other) => other.units - one.units)
          .slice(0, limit);
        expect(items).toEqual(expected.map((each, index) => ({ rank: index + 1, ...each })));
      }),
    );
  });

  it('reads every page of a day', async () => {
    const db = mockClient(DynamoDBDocumentClient);
    const page = (items: object[], next?: object) => ({
      Items: items as Record<string, unknown>[],
      ...(next && { LastEvaluatedKey: next as Record<string, unknown> }),
    });
    const last = { entry: 'SKU#cup' };
    const of = (day: string) => ({
      ExpressionAttributeValues: { ':value': day, ':prefix': 'SKU#' },
    });
    db.on(QueryCommand)
      .resolves(page([]))
      .on(QueryCommand, of('2026-03-14#3'))
      .resolvesOnce(page([{ sku: 'cup', units: 3 }], last))
      .resolvesOnce(
        page([
          { sku: 'pot', units: 1 },
          { sku: 'tea', units: 7 },
        ]),
      );
    const client = createDatabase(db as unknown as DynamoDBDocumentClient);

    expect(await createRankingRepository(client, 'Rankings').top('2026-03-14', 2)).toEqual([
      { rank: 1, sku: 'tea', units: 7 },
      { rank: 2, sku: 'cup', units: 3 },
    ]);
    const inputs = db.commandCalls(QueryCommand).map(({ args: [{ input }] }) => input);
    expect(inputs.map((input) => input.ExpressionAttributeValues?.[':value']).toSorted()).toEqual(
      [...dayPartitions('2026-03-14'), '2026-03-14#3'].toSorted(),
    );
    expect(inputs.filter(({ ExclusiveStartKey }) => ExclusiveStartKey)).toEqual([
      {
        TableName: 'Rankings',
        KeyConditionExpression: '#day = :value AND begins_with(#entry, :prefix)',
        ProjectionExpression: '#sku, #units',
        ExpressionAttributeNames: {
          '#day': 'day',
          '#entry': 'entry',
          '#sku': 'sku',
          '#units': 'units',
        },
        ...of('2026-03-14#3'),
        ConsistentRead: false,
        ExclusiveStartKey: last,
      },
    ]);
  });

  it('adds up the stock items of a product, and the counts of an earlier version', async () => {
    const { putItem, put, ranked } = aShop();
    put('2026-03-14', 'tea', 2);
    for (const shard of [1, 2])
      putItem({ ...rankingKey.count('2026-03-14', `tea#${shard}`), sku: 'tea', units: 3 });
    putItem({ day: '2026-03-14', entry: 'SKU#tea', sku: 'tea', units: 5 });
    putItem({ day: '2026-03-14', entry: 'EVENT#pay_1-3', countedAt: '2026-03-14T12:00:00.000Z' });
    put('2026-03-14', 'cup', 4);

    expect(await ranked()).toMatchObject({
      items: [
        { sku: 'tea', units: 13 },
        { sku: 'cup', units: 4 },
      ],
    });
  });

  it.each([
    { day: '2026-02-29' },
    { day: '14.3.2026' },
    { day: '' },
    { day: '2026-03-14T00:00:00Z' },
    { limit: '0' },
    { limit: '101' },
    { limit: '-1' },
    { limit: '1.5' },
    { limit: '1e2' },
    { limit: '' },
    { limit: ' 5' },
    { dya: '2026-03-14' },
  ])('rejects %j', (query) => {
    expect(rankingsQuery.safeParse(query).success).toBe(false);
  });

  it.each(['1', '100'])('accepts a limit of %s', (limit) => {
    expect(rankingsQuery.parse({ limit })).toEqual({ limit: Number(limit) });
  });
});

describe('GET /rankings, repeated in one process', () => {
  it('returns an answer of at most a minute ago, then the current one', async () => {
    const { put, bestSellers, wait } = aLaterShop();
    put('2026-03-14', 'tea', 1);
    expect(await bestSellers()).toEqual(['tea 1']);

    put('2026-03-14', 'tea', 2);
    wait(maxAgeMs);
    expect(await bestSellers({ limit: '1' })).toEqual(['tea 1']);
    wait(1);
    expect(await bestSellers()).toEqual(['tea 2']);
  });

  it('follows a refund of the best seller, whatever the order of the events', async () => {
    const { count, bestSellers, wait } = aLaterShop();
    const lines = (sku: string, quantity: number) => [{ sku, quantity }];
    await count(aRefundCompletedEvent({ lines: lines('tea', 2) }));
    await count(aPaymentCompletedEvent({ lines: lines('cup', 2) }));
    expect(await bestSellers()).toEqual(['cup 2']);
    await count(aPaymentCompletedEvent({ lines: lines('tea', 5) }));
    wait(maxAgeMs + 1);
    expect(await bestSellers()).toEqual(['tea 3', 'cup 2']);

    await count(aRefundCompletedEvent({ lines: lines('tea', 2) }));
    wait(maxAgeMs + 1);
    expect(await bestSellers()).toEqual(['cup 2', 'tea 1']);
    await count(aRefundCompletedEvent({ lines: lines('tea', 1) }));
    wait(maxAgeMs + 1);
    expect(await bestSellers()).toEqual(['cup 2']);
  });

  it('keeps each day apart, and ten of them', async () => {
    const { put, bestSellers } = aLaterShop();
    const days = Array.from({ length: 11 }, (_, index) => `2026-03-${index + 10}`);
    for (const [index, day] of days.entries()) put(day, 'tea', index + 1);
    for (const [index, day] of days.entries())
      expect(await bestSellers({ day })).toEqual([`tea ${index + 1}`]);
    for (const day of days) put(day, 'tea', 99);

    expect(await bestSellers({ day: '2026-03-11' })).toEqual(['tea 2']);
    expect(await bestSellers({ day: '2026-03-10' })).toEqual(['tea 99']);
  });

  it('does not keep a failed read', async () => {
    const answers = [Promise.reject(new Error('no table')), Promise.resolve([])];
    const get = getRankings({
      rankings: { top: () => answers.shift() ?? Promise.resolve([]) },
      clock: noonClock,
      maxAgeMs,
    });

    await expect(get(rankingsQuery.parse({}))).rejects.toThrow('no table');
    expect(await get(rankingsQuery.parse({}))).toMatchObject({ status: 200 });
  });
});
