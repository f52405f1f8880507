import { describe, expect, it } from 'vitest';
import { createTestDatabase, invalid } from './harness.ts';

const stored = { id: 'a', price: 500, tags: ['red'], note: null, total: 7, brand: 'Acme' };

const names = { '#price': 'price', '#new': 'new', '#total': 'total' };
const values = {
  ':5': 5,
  ':text': 'text',
  ':list': ['blue', { deep: [1] }],
  ':empty': [],
};

const used = <T>(expression: string, all: Readonly<Record<string, T>>) => {
  const found = Object.entries(all).filter(([name]) => expression.includes(name));

  return found.length > 0 ? Object.fromEntries(found) : undefined;
};

const createUpdate = (item: object | undefined = stored) => {
  const database = createTestDatabase();
  if (item) database.db.put('Orders', item);
  const update = (UpdateExpression: string, request: object = {}) => {
    const output = database.execute('Update', {
      TableName: 'Orders',
      Key: { id: 'a' },
      UpdateExpression,
      ExpressionAttributeNames: used(UpdateExpression, names),
      ExpressionAttributeValues: used(UpdateExpression, values),
      ...request,
    });

    return { output, item: database.db.item('Orders', { id: 'a' }) };
  };

  return { ...database, update };
};

describe('update expression', () => {
  it.each([
    ['SET #price = :5', { price: 5 }],
    ['SET #new = :list', { new: ['blue', { deep: [1] }] }],
    ['SET #price = #price + :5, #total = #total - :5', { price: 505, total: 2 }],
    ['SET #price = #total, #total = #price', { price: 7, total: 500 }],
    ['SET tags = list_append(tags, :list)', { tags: ['red', 'blue', { deep: [1] }] }],
    ['SET #new = list_append(if_not_exists(#new, :empty), :list)', { new: values[':list'] }],
    ['SET #price = if_not_exists(#price, :5)', {}],
    ['SET note = if_not_exists(note, :5)', {}],
    ['SET #new = if_not_exists(#new, :5) + :5', { new: 10 }],
    ['ADD #total :5, #new :5', { total: 12, new: 5 }],
    ['REMOVE brand, #new', { brand: undefined }],
    ['set #price = :5 add #total :5 remove brand', { price: 5, total: 12, brand: undefined }],
  ])('%s', (expression, change) => {
    expect(createUpdate().update(expression).item).toEqual({ ...stored, ...change });
  });

  it('creates a missing item with its key', () => {
    const { db, update } = createUpdate();
    db.remove('Orders', { id: 'a' });

    expect(update('ADD #total :5').item).toEqual({ id: 'a', total: 5 });
  });

  it.each([
    ['SET #new = #new + :5', 'refers to an attribute that does not exist in the item'],
    ['SET #price = brand + :5', 'incorrect data type'],
    ['ADD brand :5', 'incorrect data type'],
    ['ADD note :5', 'incorrect data type'],
    ['SET tags = list_append(brand, :list)', 'incorrect data type'],
    ['SET #price = :5, price = :text', 'Two document paths overlap'],
    ['SET #price = :5 REMOVE #price', 'Two document paths overlap'],
    ['SET #price = :5 SET brand = :text', 'section can only be used once'],
    ['SET id = :text', 'Cannot update attribute id. This attribute is part of the key'],
    ['SET #total = :text', 'Type mismatch for Index Key total expected: N actual: S'],
    ['SET #price', 'Syntax error'],
  ])('rejects %s', (expression, message) => {
    const { update, db } = createUpdate();

    expect(() => update(expression)).toThrow(invalid(message));
    expect(db.items('Orders')).toEqual([stored]);
  });

  it.each(['SET tags[0] = :5', 'SET address.street = :text', 'DELETE tags :list'])(
    'fails with a clear error: %s',
    (expression) => {
      expect(() => createUpdate().update(expression)).toThrow('does not simulate');
    },
  );

  it('returns the item before or after', () => {
    const { update } = createUpdate();

    expect(update('SET #price = :5').output).toEqual({});
    expect(update('ADD #price :5', { ReturnValues: 'ALL_NEW' }).output).toMatchObject({
      Attributes: { price: 10 },
    });
    expect(update('ADD #price :5', { ReturnValues: 'ALL_OLD' }).output).toMatchObject({
      Attributes: { price: 10 },
    });
  });

  it('adds integers of any size exactly', () => {
    const { update, execute } = createUpdate({ ...stored, total: Number.MAX_SAFE_INTEGER });

    update('ADD #total :5');

    const { Item } = execute('Get', { TableName: 'Orders', Key: { id: 'a' } });
    expect(Item).toMatchObject({ total: '9007199254740996' });
    expect(update('SET #total = #total - :5').item).toMatchObject({ total: 9007199254740991 });
  });
});
