import { describe, expect, it } from 'vitest';
import { createTestDatabase, invalid } from './harness.ts';

describe('get', () => {
  it('lags only if it is not consistent', () => {
    const { db, execute, clock } = createTestDatabase();
    db.put('Orders', { id: 'a', n: 1 });
    clock.now += 100;
    db.put('Orders', { id: 'a', n: 2 });
    const get = (ConsistentRead: boolean) =>
      execute('Get', { TableName: 'Orders', Key: { id: 'a' }, ConsistentRead }, { readAgeMs: 50 });

    expect(get(true).Item).toEqual({ id: 'a', n: 2 });
    expect(get(false).Item).toEqual({ id: 'a', n: 1 });
  });

  it('returns the projected paths', () => {
    const { db, execute } = createTestDatabase();
    db.put('Orders', { id: 'a', status: 'PAID', hold: { balance: 5, stock: 1 } });

    const output = execute('Get', {
      TableName: 'Orders',
      Key: { id: 'a' },
      ProjectionExpression: '#s, #hold.balance, none',
      ExpressionAttributeNames: { '#s': 'status', '#hold': 'hold' },
    });

    expect(output).toEqual({ Item: { status: 'PAID', hold: { balance: 5 } } });
  });

  it.each([{}, { id: 1 }, { id: 'a', total: 1 }, { order: 'a' }])('rejects the key %j', (Key) => {
    expect(() => createTestDatabase().execute('Get', { TableName: 'Orders', Key })).toThrow(
      invalid('does not match the schema'),
    );
  });
});

describe('reads of several items', () => {
  it('returns what is there', () => {
    const { db, execute } = createTestDatabase();
    db.put('Orders', { id: 'a' });
    db.put('Lines', { order: 'a', line: 1 });
    const Get = { TableName: 'Orders', Key: { id: 'a' } };

    expect(
      execute('BatchGet', {
        RequestItems: {
          Orders: { Keys: [{ id: 'a' }, { id: 'b' }] },
          Lines: { Keys: [{ order: 'a', line: 1 }], ConsistentRead: true },
        },
      }),
    ).toEqual({
      Responses: { Orders: [{ id: 'a' }], Lines: [{ order: 'a', line: 1 }] },
      UnprocessedKeys: {},
    });
    expect(
      execute('TransactGet', {
        TransactItems: [{ Get }, { Get: { ...Get, Key: { id: 'b' } } }],
      }),
    ).toEqual({ Responses: [{ Item: { id: 'a' } }, {}] });
  });

  it('rejects more than 100 keys and duplicates', () => {
    const { execute } = createTestDatabase();
    const batch = (Keys: readonly object[]) =>
      execute('BatchGet', { RequestItems: { Orders: { Keys } } });
    const keys = Array.from({ length: 101 }, (_, index) => ({ id: `${index}` }));

    expect(() => batch(keys)).toThrow(invalid('Too many items'));
    expect(() => batch([{ id: 'a' }, { id: 'a' }])).toThrow(invalid('duplicates'));
    expect(() => batch([])).toThrow(invalid('cannot be empty'));
  });
});
