import { describe, expect, it } from 'vitest';
import { createTestDatabase, invalid } from './harness.ts';

const put = (item: object) => ({ TableName: 'Orders', Item: item });

describe('put', () => {
  it('stores a frozen copy without undefined members, and shares what was read', () => {
    const { db, execute } = createTestDatabase();
    const lines = [{ sku: 'tea', note: undefined }, undefined];
    execute('Put', put({ id: 'a', lines, none: undefined }));
    lines.pop();

    const item = db.item<{ lines: object[] }>('Orders', { id: 'a' });
    execute('Put', put({ ...item, id: 'b' }));

    expect(item).toStrictEqual({ id: 'a', lines: [{ sku: 'tea' }] });
    expect(Object.isFrozen(item?.lines[0])).toBe(true);
    expect(db.item<{ lines: object[] }>('Orders', { id: 'b' })?.lines).toBe(item?.lines);
    expect(execute('Get', { TableName: 'Orders', Key: { id: 'a' } }).Item).toBe(item);
  });

  it('keeps a member called __proto__', () => {
    const { db, execute } = createTestDatabase();
    const item = JSON.parse('{"id":"a","lines":{"__proto__":{"sold":7}}}');

    execute('Put', put(item));

    expect(JSON.stringify(db.items('Orders'))).toBe(JSON.stringify([item]));
  });

  it('returns the replaced item', () => {
    const { execute } = createTestDatabase();

    expect(execute('Put', { ...put({ id: 'a', n: 1 }), ReturnValues: 'ALL_OLD' })).toEqual({});
    expect(execute('Put', { ...put({ id: 'a', n: 2 }), ReturnValues: 'ALL_OLD' })).toEqual({
      Attributes: { id: 'a', n: 1 },
    });
  });

  it.each([
    [{ total: 1 }, 'Missing the key id in the item'],
    [{ id: 1 }, 'Type mismatch for key id expected: S actual: N'],
    [{ id: '' }, 'cannot contain an empty string value. Key: id'],
    [{ id: 'a', total: '1' }, 'Type mismatch for Index Key total expected: N actual: S'],
    [{ id: 'a', buyer: '' }, 'cannot contain an empty string value. Key: buyer'],
    [{ id: 'a', text: 'x'.repeat(409_600) }, 'Item size has exceeded the maximum allowed size'],
  ])('rejects an item of a wrong form or size', (item, message) => {
    expect(() => createTestDatabase().execute('Put', put(item))).toThrow(invalid(message));
  });

  it('takes an item of 400 KB', () => {
    const { db, execute } = createTestDatabase();

    execute('Put', put({ id: 'a', text: 'x'.repeat(409_600 - 'idatext'.length) }));

    expect(db.items('Orders')).toHaveLength(1);
  });

  it.each([Number.NaN, 2 ** 53, new Date(0), () => 1])('throws for %s as the SDK does', (value) => {
    expect(() => createTestDatabase().execute('Put', put({ id: 'a', value }))).toThrow(
      /not allowed|MAX_SAFE_INTEGER|Unsupported type/,
    );
  });

  it('fails for a table that does not exist', () => {
    const request = { TableName: 'Nothing', Item: { id: 'a' } };

    expect(() => createTestDatabase().execute('Put', request)).toThrow(
      expect.objectContaining({ name: 'ResourceNotFoundException' }),
    );
  });
});

describe('stream', () => {
  it('has each write that changes an item, in order, and no other', () => {
    const { db, execute, writes, clock } = createTestDatabase();
    db.put('Orders', { id: 'seed' });
    execute('Put', put({ id: 'a', list: [1] }), { by: 'buyer' });
    execute('Put', put({ id: 'a', list: [1] }));
    clock.now += 5;
    execute('Update', {
      TableName: 'Orders',
      Key: { id: 'a' },
      UpdateExpression: 'SET n = :n',
      ExpressionAttributeValues: { ':n': 1 },
    });
    db.writeExternally('Orders', { id: 'a' });
    execute('Delete', { TableName: 'Orders', Key: { id: 'a' } }, { by: 'operator' });
    execute('Delete', { TableName: 'Orders', Key: { id: 'a' } });

    expect(writes).toEqual([
      {
        ...{ table: 'Orders', before: undefined, after: { id: 'a', list: [1] } },
        ...{ sequence: 1, at: clock.now - 5, by: 'buyer' },
      },
      {
        ...{ table: 'Orders', before: { id: 'a', list: [1] }, after: { id: 'a', list: [1], n: 1 } },
        ...{ sequence: 2, at: clock.now, by: '' },
      },
      {
        ...{ table: 'Orders', before: { id: 'a', list: [1], n: 1 }, after: { id: 'a' } },
        ...{ sequence: 3, at: clock.now, by: 'another service' },
      },
      {
        ...{ table: 'Orders', before: { id: 'a' }, after: undefined },
        ...{ sequence: 4, at: clock.now, by: 'operator' },
      },
    ]);
  });

  it('has the deletion of the items whose time to live has passed', () => {
    const { db, writes, clock } = createTestDatabase();
    const seconds = clock.now / 1_000;
    db.put('Orders', { id: 'past', expiresAt: seconds - 1 });
    db.put('Orders', { id: 'future', expiresAt: seconds + 1 });
    db.put('Orders', { id: 'text', expiresAt: '0' });
    db.put('Lines', { order: 'a', line: 1, expiresAt: 0 });

    expect([db.expire('Orders'), db.expire('Lines')]).toEqual([1, 0]);
    expect(writes).toMatchObject([{ before: { id: 'past' }, after: undefined }]);
    expect(db.items<{ id: string }>('Orders').map(({ id }) => id)).toEqual(['future', 'text']);
  });
});
