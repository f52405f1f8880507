import { describe, expect, it } from 'vitest';
import { createTestDatabase, invalid } from './harness.ts';
import { createOrders, ids } from './orders.ts';

describe('query of an index', () => {
  it('returns the projected attributes in the order of the sort key', () => {
    const { ofAlice } = createOrders();

    const page = ofAlice();

    expect(ids(page)).toEqual(['a', 'b', 'c', 'd']);
    expect(page).toMatchObject({ Count: 4, ScannedCount: 4 });
    expect(page.LastEvaluatedKey).toBeUndefined();
    expect((page.Items as object[])[0]).toEqual({
      id: 'a',
      buyer: 'alice',
      total: 9,
      status: 'PAID',
    });
    expect(ids(ofAlice({ ScanIndexForward: false }))).toEqual(['d', 'c', 'b', 'a']);
  });

  it.each([
    ['total = :n', ['c']],
    ['total < :n', ['a', 'b']],
    ['total >= :n', ['c', 'd']],
    ['total BETWEEN :n AND :m', ['c', 'd']],
  ])('selects by the sort key: %s', (condition, expected) => {
    const { ofAlice } = createOrders();
    const values = { ':n': 10, ...(condition.includes(':m') && { ':m': 100 }) };

    const page = ofAlice({
      KeyConditionExpression: `${condition} AND buyer = :buyer`.replace(
        /^(total BETWEEN .*) AND (buyer.*)$/,
        '$2 AND $1',
      ),
      ExpressionAttributeValues: values,
    });

    expect(ids(page)).toEqual(expected);
  });

  it('has only the items with both key attributes', () => {
    const { execute } = createOrders();

    const page = execute('Query', {
      TableName: 'Orders',
      IndexName: 'byDue',
      KeyConditionExpression: '#shard = :one AND begins_with(due, :year)',
      ExpressionAttributeNames: { '#shard': 'shard' },
      ExpressionAttributeValues: { ':one': '1', ':year': '2026' },
    });

    expect(page.Items).toEqual([
      { id: 'a', shard: '1', due: '2026-01' },
      { id: 'b', shard: '1', due: '2026-01' },
      { id: 'c', shard: '1', due: '2026-02' },
    ]);
  });

  it.each([true, false])('returns pages that go on behind each other (forward: %s)', (forward) => {
    const { ofAlice, db } = createOrders();
    const first = ofAlice({ Limit: 3, ScanIndexForward: forward });
    expect(first.LastEvaluatedKey).toEqual(
      forward ? { id: 'c', buyer: 'alice', total: 10 } : { id: 'b', buyer: 'alice', total: 9 },
    );

    // The page goes on at the place, also if its item is not there any more.
    db.remove('Orders', { id: forward ? 'c' : 'b' });
    const second = ofAlice({
      Limit: 1,
      ScanIndexForward: forward,
      ExclusiveStartKey: first.LastEvaluatedKey,
    });

    expect(ids(second)).toEqual([forward ? 'd' : 'a']);
    // DynamoDB does not look behind a page that the limit ends.
    expect(second.LastEvaluatedKey).toBeDefined();
    const last = ofAlice({
      Limit: 1,
      ScanIndexForward: forward,
      ExclusiveStartKey: second.LastEvaluatedKey,
    });
    expect(last).toEqual({ Items: [], Count: 0, ScannedCount: 0 });
  });

  it('filters after the limit', () => {
    const { ofAlice } = createOrders();
    const filter = {
      FilterExpression: '#s = :open',
      ExpressionAttributeNames: { '#s': 'status' },
      ExpressionAttributeValues: { ':open': 'OPEN' },
    };

    expect(ofAlice({ ...filter, Limit: 2 })).toMatchObject({
      Items: [],
      Count: 0,
      ScannedCount: 2,
      LastEvaluatedKey: { id: 'b' },
    });
  });

  it('returns only the number of items', () => {
    const { ofAlice } = createOrders();

    expect(ofAlice({ Select: 'COUNT' })).toEqual({ Count: 4, ScannedCount: 4 });
  });

  it('shows the items as they were', () => {
    const { execute, clock, db } = createOrders();
    const buyers = (indexAgeMs: number) =>
      ['alice', 'bob'].map((buyer) =>
        ids(
          execute(
            'Query',
            {
              TableName: 'Orders',
              IndexName: 'all',
              KeyConditionExpression: 'buyer = :b AND due > :from',
              ExpressionAttributeValues: { ':b': buyer, ':from': '2' },
            },
            { indexAgeMs },
          ),
        ),
      );
    clock.now += 1_000;
    db.put('Orders', { id: 'a', buyer: 'bob', due: '2027' });
    db.remove('Orders', { id: 'b' });

    clock.now += 100;

    expect(buyers(0)).toEqual([['c'], ['a']]);
    expect(buyers(100)).toEqual([['c'], ['a']]);
    expect(buyers(101)).toEqual([['a', 'b', 'c'], []]);
    expect(() => buyers(10_001)).toThrow(RangeError);
    clock.now += 60_000;
    expect(buyers(10_000)).toEqual([['c'], ['a']]);
  });

  it.each([
    [{ IndexName: 'other' }, 'does not have the specified index'],
    [{ ConsistentRead: true }, 'Consistent reads are not supported'],
    [{ KeyConditionExpression: undefined }, 'must be specified'],
    [{ KeyConditionExpression: 'buyer > :buyer' }, 'key condition not supported'],
    [{ KeyConditionExpression: 'total = :buyer' }, 'does not match schema type'],
    [{ KeyConditionExpression: 'id = :buyer' }, 'missed key schema element: buyer'],
    [{ KeyConditionExpression: 'buyer = :buyer OR buyer = :buyer' }, 'key condition not supported'],
    [{ KeyConditionExpression: 'buyer = :buyer AND id = :buyer' }, 'missed key schema element'],
    [{ FilterExpression: 'buyer = :buyer' }, 'can only contain non-primary key attributes'],
    [{ ExclusiveStartKey: { id: 'a' } }, 'starting key is invalid'],
    [{ ExclusiveStartKey: { id: 'a', buyer: 'bob', total: 1 } }, 'outside query boundaries'],
  ])('rejects %j', (request, message) => {
    const { ofAlice } = createOrders();

    expect(() => ofAlice(request)).toThrow(invalid(message));
  });
});

describe('query of a table', () => {
  it('returns the items of a partition in the order of the sort key', () => {
    const { db, execute } = createTestDatabase();
    for (const line of [10, 9, 1]) db.put('Lines', { order: 'a', line });
    db.put('Lines', { order: 'b', line: 2 });

    const page = execute('Query', {
      TableName: 'Lines',
      ConsistentRead: true,
      KeyConditionExpression: '#o = :a AND line > :1',
      ExpressionAttributeNames: { '#o': 'order' },
      ExpressionAttributeValues: { ':a': 'a', ':1': 1 },
      Limit: 2,
    });

    expect(page).toMatchObject({
      Items: [{ line: 9 }, { line: 10 }],
      LastEvaluatedKey: { order: 'a', line: 10 },
    });
  });

  it('ends a page at 1 MB', () => {
    const { db, execute } = createTestDatabase();
    for (const line of [1, 2, 3, 4])
      db.put('Lines', { order: 'a', line, text: 'x'.repeat(300_000) });

    const page = execute('Query', {
      TableName: 'Lines',
      KeyConditionExpression: '#o = :a',
      ExpressionAttributeNames: { '#o': 'order' },
      ExpressionAttributeValues: { ':a': 'a' },
    });

    expect(page).toMatchObject({ Count: 3, LastEvaluatedKey: { order: 'a', line: 3 } });
  });
});

describe('scan', () => {
  it('returns all items in pages, and filters after the limit', () => {
    const { execute } = createOrders();
    const page = (ExclusiveStartKey?: unknown) =>
      execute('Scan', {
        TableName: 'Orders',
        Limit: 2,
        ExclusiveStartKey,
        FilterExpression: '#s = :open',
        ExpressionAttributeNames: { '#s': 'status' },
        ExpressionAttributeValues: { ':open': 'OPEN' },
      });

    const [first, second] = [page(), page({ id: 'd' })];

    expect(first).toEqual({ Items: [], Count: 0, ScannedCount: 2, LastEvaluatedKey: { id: 'b' } });
    expect(second).toMatchObject({ Items: [{ id: 'e' }], ScannedCount: 1 });
    expect(second.LastEvaluatedKey).toBeUndefined();
  });
});
