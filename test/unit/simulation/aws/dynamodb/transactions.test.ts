import { describe, expect, it } from 'vitest';
import { createTestDatabase, invalid } from './harness.ts';

const put = (id: string, request: object = {}) => ({
  Put: { TableName: 'Orders', Item: { id }, ...request },
});

const ifNew = {
  ConditionExpression: 'attribute_not_exists(id)',
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
};

const createTransactions = () => {
  const database = createTestDatabase();
  const transact = (TransactItems: readonly object[], ClientRequestToken?: string) =>
    database.execute('TransactWrite', { TransactItems, ClientRequestToken }, { by: 'buyer' });

  return { ...database, transact };
};

describe('transaction', () => {
  it('writes all items at one instant', () => {
    const { db, writes, transact } = createTransactions();
    db.put('Orders', { id: 'b', n: 1 });
    db.put('Orders', { id: 'c' });

    transact([
      put('a', ifNew),
      {
        Update: {
          TableName: 'Orders',
          Key: { id: 'b' },
          UpdateExpression: 'ADD n :n',
          ExpressionAttributeValues: { ':n': 1 },
        },
      },
      { Delete: { TableName: 'Orders', Key: { id: 'c' } } },
      {
        ConditionCheck: {
          TableName: 'Lines',
          Key: { order: 'a', line: 1 },
          ConditionExpression: 'attribute_not_exists(#o)',
          ExpressionAttributeNames: { '#o': 'order' },
        },
      },
    ]);

    expect(db.items('Orders')).toEqual([{ id: 'b', n: 2 }, { id: 'a' }]);
    expect(writes.map(({ sequence, by }) => [sequence, by])).toEqual([
      [1, 'buyer'],
      [2, 'buyer'],
      [3, 'buyer'],
    ]);
  });

  it('writes nothing if a condition fails, and returns a reason for each write', () => {
    const { db, writes, transact } = createTransactions();
    db.put('Orders', { id: 'b', n: 1 });
    const wrongType = {
      Update: {
        TableName: 'Orders',
        Key: { id: 'b' },
        UpdateExpression: 'SET n = list_append(n, :n)',
        ExpressionAttributeValues: { ':n': [1] },
      },
    };

    expect(() => transact([put('a', ifNew), put('b', ifNew)])).toThrow(
      expect.objectContaining({
        name: 'TransactionCanceledException',
        message: expect.stringContaining('[None, ConditionalCheckFailed]'),
        CancellationReasons: [
          { Code: 'None' },
          {
            Code: 'ConditionalCheckFailed',
            Message: 'The conditional request failed',
            Item: { id: { S: 'b' }, n: { N: '1' } },
          },
        ],
      }),
    );
    expect(() => transact([wrongType, put('a')])).toThrow(
      expect.objectContaining({
        CancellationReasons: [
          { Code: 'ValidationError', Message: expect.stringContaining('incorrect data type') },
          { Code: 'None' },
        ],
      }),
    );
    expect([db.items('Orders'), writes]).toEqual([[{ id: 'b', n: 1 }], []]);
  });

  it('rejects more than 100 writes, none, and two of one item', () => {
    const { transact } = createTransactions();
    const writes = Array.from({ length: 101 }, (_, index) => put(`${index}`));

    expect(() => transact(writes)).toThrow(invalid('less than or equal to 100'));
    expect(() => transact([])).toThrow(invalid('greater than or equal to 1'));
    expect(() => transact([put('a'), put('a')])).toThrow(
      invalid('multiple operations on one item'),
    );
    transact(writes.slice(1));
  });

  it('is executed once with a token, for ten minutes', () => {
    const { db, clock, transact } = createTransactions();
    transact([put('a', ifNew)], 'token');
    db.remove('Orders', { id: 'a' });

    clock.now += 599_999;
    transact([put('a', ifNew)], 'token');
    expect(db.items('Orders')).toEqual([]);
    expect(() => transact([put('b', ifNew)], 'token')).toThrow(
      expect.objectContaining({ name: 'IdempotentParameterMismatchException' }),
    );

    clock.now += 1;
    transact([put('b', ifNew)], 'token');
    expect(db.items('Orders')).toEqual([{ id: 'b' }]);
  });

  it('is executed again with its token after it was cancelled', () => {
    const { db, transact } = createTransactions();
    db.put('Orders', { id: 'a' });
    expect(() => transact([put('a', ifNew)], 'token')).toThrow('cancelled');
    db.remove('Orders', { id: 'a' });

    transact([put('a', ifNew)], 'token');

    expect(db.items('Orders')).toEqual([{ id: 'a' }]);
  });
});
