import { createTestDatabase, type Output } from './harness.ts';

/** Four orders of alice and one of bob, and a query of those of alice. */
export const createOrders = () => {
  const database = createTestDatabase();
  const { db, execute } = database;
  for (const [id, total] of [
    ['c', 10],
    ['a', 9],
    ['b', 9],
    ['d', 100],
  ] as const) {
    const due = id === 'd' ? undefined : `2026-0${total % 8}`;
    db.put('Orders', { id, buyer: 'alice', total, status: 'PAID', shard: '1', due });
  }
  db.put('Orders', { id: 'e', buyer: 'bob', total: 1, status: 'OPEN' });
  const ofAlice = (request: object = {}) =>
    execute('Query', {
      TableName: 'Orders',
      IndexName: 'byBuyer',
      KeyConditionExpression: 'buyer = :buyer',
      ...request,
      ExpressionAttributeValues: { ':buyer': 'alice', ...valuesOf(request) },
    });

  return { ...database, ofAlice };
};

const valuesOf = (request: { ExpressionAttributeValues?: object }) =>
  request.ExpressionAttributeValues;

export const ids = ({ Items }: Output) => (Items as { id: string }[]).map(({ id }) => id);
