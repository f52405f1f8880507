import { BatchGetCommand, DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { listOrders } from '../../../../functions/list-orders/handler.ts';
import { createDatabase } from '../../../../shared/config/system-runtime.ts';
import type { Order } from '../../../../shared/domain/orders/order.ts';
import { httpHandler } from '../../../../shared/http/http-handler.ts';
import { createOrderListRepository } from '../../../../shared/persistence/order-list-repository.ts';
import { anOrder, noon } from '../../../support/builders/builders.ts';
import { call } from '../../../support/harness/invoke-handler.ts';

/** Alice's n-th order, one minute after the previous one. */
const order = (n: number, given: Partial<Order> = {}): Order =>
  anOrder({
    orderId: `ord_${n}`,
    userId: 'alice',
    createdAt: new Date(noon.getTime() + n * 60_000).toISOString(),
    ...given,
  });

const orders = (count: number, given: (n: number) => Partial<Order> = () => ({})) =>
  Array.from({ length: count }, (_, n) => order(n, given(n)));

/**
 * list-orders over an index that has only keys and pages like DynamoDB, and a table that returns another
 * order.
 */
const listing = (stored: readonly Order[], inTable = stored) => {
  const keysOf = ({ userId, createdAt, orderId }: Order) => ({ userId, createdAt, orderId });
  const db = mockClient(DynamoDBDocumentClient);
  db.on(QueryCommand).callsFake(
    ({ ExpressionAttributeValues, ExclusiveStartKey: after, Limit }) => {
      const all = stored
        .filter(({ userId }) => userId === ExpressionAttributeValues[':userId'])
        .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
      const start = after ? all.findIndex(({ orderId }) => orderId === after.orderId) + 1 : 0;
      const page = all.slice(start, start + Limit);
      const last = page.length === Limit ? page.at(-1) : undefined;

      return { Items: page.map(keysOf), ...(last && { LastEvaluatedKey: keysOf(last) }) };
    },
  );
  db.on(BatchGetCommand).callsFake(({ RequestItems: { orders: requested } }) => ({
    Responses: {
      orders: inTable.filter(({ orderId }) =>
        requested.Keys.some((key: Order) => key.orderId === orderId),
      ),
    },
  }));
  const table = createOrderListRepository(
    createDatabase(db as unknown as DynamoDBDocumentClient),
    'orders',
  );
  const handler = httpHandler(listOrders({ orders: table }));

  return {
    db,
    list: (query: Record<string, string | number> = {}, buyer = 'alice') =>
      call(handler, { method: 'GET', path: '/orders', buyer, query }),
  };
};

const idsOf = (list: readonly Pick<Order, 'orderId'>[]) => list.map(({ orderId }) => orderId);

/** All pages in sequence, as one list of ids. */
const walk = async (
  { list }: ReturnType<typeof listing>,
  query: Record<string, string | number>,
) => {
  const found: string[] = [];
  for (let cursor: string | undefined, pages = 0; pages === 0 || cursor !== undefined; pages += 1) {
    const { body } = await list({ ...query, ...(cursor && { cursor }) });
    found.push(...idsOf(body.items));
    cursor = body.nextCursor;
  }

  return found;
};

describe('list orders', () => {
  it("returns the buyer's own orders, newest first, as get order does", async () => {
    const bobs = anOrder({ userId: 'bob' });
    const { list } = listing([order(1, { couponId: 'welcome' }), bobs, order(2)]);

    const { status, body } = await list();

    expect(status).toBe(200);
    expect(body.items).toMatchObject([
      { orderId: 'ord_2', status: 'PENDING_PAYMENT', expiresAt: order(2).expiresAt, version: 1 },
      { orderId: 'ord_1', couponId: 'welcome' },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/requestHash|userId|due/);
    expect(body).not.toHaveProperty('nextCursor');
  });

  it('returns an empty list without reading the table', async () => {
    const { db, list } = listing([]);

    expect((await list()).body).toEqual({ items: [] });
    expect(db.commandCalls(BatchGetCommand)).toEqual([]);
  });

  it('reads the current orders from the table, not from the index', async () => {
    const { db, list } = listing([order(1)], [order(1, { status: 'CANCELLED', version: 2 })]);

    expect((await list()).body.items).toMatchObject([{ status: 'CANCELLED', version: 2 }]);
    expect(db.commandCalls(BatchGetCommand)[0]?.args[0].input.RequestItems).toMatchObject({
      orders: { ConsistentRead: true },
    });
  });

  it.each([1, 2, 3, 7])('returns each order once over all pages of %i', async (limit) => {
    const stored = orders(7);

    expect(await walk(listing(stored), { limit })).toEqual(idsOf(stored.toReversed()));
  });

  it('returns each order of a status once over all pages', async () => {
    const stored = orders(250, (n) => (n % 7 === 0 ? { status: 'CANCELLED' } : {}));

    const wanted = stored.filter(({ status }) => status === 'CANCELLED').toReversed();
    expect(await walk(listing(stored), { status: 'CANCELLED', limit: 8 })).toEqual(idsOf(wanted));
  });

  it.each([
    [{ limit: 0 }, 'limit'],
    [{ status: 'RESERVED' }, 'status'],
    [{ orderId: 'ord_1' }, 'orderId'],
    [{ cursor: 'from-elsewhere' }, 'cursor'],
  ])('rejects %j', async (query, parameter) => {
    expect(await listing([]).list(query as never)).toMatchObject({
      status: 400,
      body: { code: 'invalid-request', errors: [{ parameter }] },
    });
  });

  it('rejects a cursor of another buyer or filter', async () => {
    const { list } = listing(orders(5));
    const { nextCursor: cursor } = (await list({ limit: 2 })).body;
    const refused = { status: 400, body: { errors: [{ parameter: 'cursor' }] } };

    expect(await list({ cursor })).toMatchObject({ status: 200 });
    expect(await list({ cursor }, 'bob')).toMatchObject(refused);
    expect(await list({ cursor, status: 'CANCELLED' })).toMatchObject(refused);
  });
});
