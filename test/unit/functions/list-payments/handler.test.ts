import { BatchGetCommand, DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { listPayments } from '../../../../functions/list-payments/handler.ts';
import { createDatabase } from '../../../../shared/config/system-runtime.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { httpHandler } from '../../../../shared/http/http-handler.ts';
import { createPaymentListRepository } from '../../../../shared/persistence/payment-list-repository.ts';
import { anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
import { call } from '../../../support/harness/invoke-handler.ts';

const order = anOrder({ userId: 'alice' });

/** Alice's n-th payment, one minute after the previous one. */
const payment = (n: number, given: Partial<Payment> = {}): Payment =>
  aPayment({ order, key: `k-${n}`, at: new Date(noon.getTime() + n * 60_000), ...given });

const payments = (count: number, given: (n: number) => Partial<Payment> = () => ({})) =>
  Array.from({ length: count }, (_, n) => payment(n, given(n)));

/**
 * list-payments over an index that has only keys and orders, and pages like DynamoDB: it reports more whenever it
 * stopped at its limit.
 */
const listing = (stored: readonly Payment[], inTable = stored) => {
  const db = mockClient(DynamoDBDocumentClient);
  db.on(QueryCommand).callsFake(
    ({ ExpressionAttributeValues, ExclusiveStartKey: after, Limit }) => {
      const all = stored
        .filter(({ userId }) => userId === ExpressionAttributeValues[':userId'])
        .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
      const start = after ? all.findIndex(({ paymentId }) => paymentId === after.paymentId) + 1 : 0;
      const page = all.slice(start, start + Limit);
      const last = page.length === Limit ? page.at(-1) : undefined;
      const keysOf = ({ userId, createdAt, paymentId }: Payment) => ({
        userId,
        createdAt,
        paymentId,
      });

      return {
        Items: page.map((item) => ({ ...keysOf(item), orderId: item.orderId })),
        ...(last && { LastEvaluatedKey: keysOf(last) }),
      };
    },
  );
  db.on(BatchGetCommand).callsFake(({ RequestItems: { payments: requested } }) => ({
    Responses: {
      payments: inTable.filter(({ paymentId }) =>
        requested.Keys.some((key: Payment) => key.paymentId === paymentId),
      ),
    },
  }));
  const table = createPaymentListRepository(
    createDatabase(db as unknown as DynamoDBDocumentClient),
    'payments',
  );
  const handler = httpHandler(listPayments({ payments: table }));

  return {
    queries: () => db.commandCalls(QueryCommand).map(({ args }) => args[0].input),
    /** The payments that were read from the table. */
    readIds: () =>
      db
        .commandCalls(BatchGetCommand)
        .flatMap(({ args }) => args[0].input.RequestItems?.payments?.Keys ?? [])
        .map(({ paymentId }) => paymentId),
    list: (query: Record<string, string | number> = {}, buyer = 'alice') =>
      call(handler, { method: 'GET', path: '/payments', buyer, query }),
  };
};

/** All pages in sequence, as lists of ids. */
const walk = async (
  { list }: ReturnType<typeof listing>,
  query: Record<string, string | number>,
): Promise<readonly (readonly string[])[]> => {
  const pages: string[][] = [];
  for (let cursor: string | undefined; pages.length === 0 || cursor !== undefined; ) {
    const { body } = await list({ ...query, ...(cursor && { cursor }) });
    pages.push(body.items.map(({ paymentId }: Payment) => paymentId));
    cursor = body.nextCursor;
  }

  return pages;
};

const idsOf = (list: readonly Payment[]) => list.map(({ paymentId }) => paymentId);

describe('list payments', () => {
  it("returns the buyer's own payments, newest first, as get payment does", async () => {
    const bobs = aPayment({ order: anOrder({ userId: 'bob' }) });
    const { list } = listing([payment(1), bobs, payment(2)]);

    const { status, body } = await list();

    expect(status).toBe(200);
    expect(body.items).toMatchObject([
      { paymentId: payment(2).paymentId, status: 'PENDING', stage: 'RESERVED', version: 1 },
      { paymentId: payment(1).paymentId },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/paymentMethod|requestHash|history|userId/);
    expect(body).not.toHaveProperty('nextCursor');
  });

  it('returns an empty list', async () => {
    expect((await listing([]).list()).body).toEqual({ items: [] });
  });

  it('queries the index by user', async () => {
    const { list, queries } = listing([]);

    await list({ limit: 5 });

    expect(queries()).toEqual([
      {
        TableName: 'payments',
        IndexName: 'byUser',
        KeyConditionExpression: '#userId = :userId',
        ExpressionAttributeNames: { '#userId': 'userId' },
        ExpressionAttributeValues: { ':userId': 'alice' },
        ScanIndexForward: false,
        Limit: 6,
      },
    ]);
  });

  it('returns the payments as they are stored, in the order of the index', async () => {
    const stored = payments(3);
    const completed = stored.map((one) => ({ ...one, status: 'COMPLETED' as const }));

    const { body } = await listing(stored, completed).list();

    expect(body.items).toMatchObject(
      idsOf(stored.toReversed()).map((paymentId) => ({ paymentId, stage: 'COMPLETED' })),
    );
  });

  it('reads no payment of another order', async () => {
    const stored = payments(150, (n) => (n % 50 === 0 ? { orderId: 'ord_other' } : {}));
    const { list, readIds } = listing(stored);

    await list({ orderId: 'ord_other' });

    const wanted = stored.filter(({ orderId }) => orderId === 'ord_other').toReversed();
    expect(readIds()).toEqual(idsOf(wanted));
  });

  it('returns 20 per page by default', async () => {
    const { list } = listing(payments(150));

    expect((await list()).body.items).toHaveLength(20);
    expect((await list({ limit: 1 })).body.items).toHaveLength(1);
    expect((await list({ limit: 100 })).body.items).toHaveLength(100);
  });

  it.each([1, 2, 3, 4, 6, 7])('returns each payment once over all pages of %i', async (limit) => {
    const stored = payments(6);

    const pages = await walk(listing(stored), { limit });

    expect(pages.flat()).toEqual(idsOf(stored.toReversed()));
    expect(pages).toHaveLength(Math.ceil(6 / limit));
  });

  it.each([
    ['orderId', { orderId: 'ord_other' }],
    ['status', { status: 'COMPLETED' }],
  ] as const)('returns each payment once over all pages by %s', async (_name, filter) => {
    const other = { orderId: 'ord_other', status: 'COMPLETED' } as const;
    const stored = payments(350, (n) => (n % 7 === 0 ? other : {}));

    const pages = await walk(listing(stored), { ...filter, limit: 8 });

    const wanted = stored.filter(({ orderId }) => orderId === 'ord_other').toReversed();
    expect(pages.flat()).toEqual(idsOf(wanted));
  });

  it('filters by the status that the buyer sees', async () => {
    const stored = [
      payment(0, { status: 'CHARGING' }),
      payment(1, { status: 'COMPLETED' }),
      payment(2, { status: 'COMPLETED', refunded: 1 }),
      payment(3, { status: 'COMPENSATED' }),
      payment(4, { status: 'RESERVED' }),
      payment(5, { status: 'COMPLETED', refunded: 5_000 }),
    ];
    const { list } = listing(stored);
    const found = async (status: string) =>
      (await list({ status })).body.items.map(({ paymentId }: Payment) =>
        idsOf(stored).indexOf(paymentId),
      );

    expect(await found('PENDING')).toEqual([4, 0]);
    expect(await found('COMPLETED')).toEqual([1]);
    expect(await found('PARTIALLY_REFUNDED')).toEqual([2]);
    expect(await found('REFUNDED')).toEqual([5]);
    expect(await found('FAILED')).toEqual([3]);
    expect(await found('CONFIRMING')).toEqual([]);
  });

  it('reads at most a thousand items per page if few match', async () => {
    const stored = payments(1_200, (n) => (n === 0 ? { status: 'COMPLETED' } : {}));
    const index = listing(stored);

    const first = await index.list({ status: 'COMPLETED' });
    const second = await index.list({ status: 'COMPLETED', cursor: first.body.nextCursor });

    expect(first.body).toEqual({ items: [], nextCursor: expect.any(String) });
    expect(second.body.items).toHaveLength(1);
    expect(second.body).not.toHaveProperty('nextCursor');
    expect(index.queries()).toHaveLength(10 + 3);
  });

  it.each([
    [{ limit: 0 }, 'limit'],
    [{ limit: 101 }, 'limit'],
    [{ limit: '1e1' }, 'limit'],
    [{ limit: '1,2' }, 'limit'],
    [{ limit: '' }, 'limit'],
    [{ status: 'RESERVED' }, 'status'],
    [{ orderId: '' }, 'orderId'],
    [{ page: 2 }, 'page'],
    [{ cursor: '' }, 'cursor'],
  ])('rejects %j', async (query, parameter) => {
    expect(await listing([]).list(query as never)).toMatchObject({
      status: 400,
      body: { code: 'invalid-request', errors: [{ parameter }] },
    });
  });
});

describe('list payments with a cursor', () => {
  const index = listing(payments(5));
  const cursorOf = async (query = {}) => (await index.list({ limit: 2, ...query })).body.nextCursor;
  const refused = { status: 400, body: { errors: [{ parameter: 'cursor' }] } };

  it('continues with another limit', async () => {
    const { status, body } = await index.list({ limit: 3, cursor: await cursorOf() });

    expect(status).toBe(200);
    expect(body.items).toHaveLength(3);
  });

  it('rejects the cursor of another buyer', async () => {
    expect(await index.list({ cursor: await cursorOf() }, 'bob')).toMatchObject(refused);
  });

  it('rejects the cursor of another list', async () => {
    const cursor = await cursorOf();

    expect(await index.list({ cursor, status: 'PENDING' })).toMatchObject(refused);
    expect(await index.list({ cursor, orderId: order.orderId })).toMatchObject(refused);
  });

  it('rejects a changed cursor without a query', async () => {
    const cursor = await cursorOf();
    const [, paymentId, seal] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const queryCount = index.queries().length;

    for (const bent of [
      'AAAA',
      '%%%',
      '열쇠',
      cursor.slice(1),
      cursor.slice(0, -4),
      encoded(null),
      encoded({}),
      encoded(['2026-01-01T00:00:00.000Z', paymentId, seal]),
      encoded([noon.toISOString(), 'pay_1', seal]),
      encoded([noon.toISOString(), paymentId]),
      encoded(['yesterday', paymentId, seal]),
      'a'.repeat(10_000),
    ]) {
      expect(await index.list({ cursor: bent }), bent).toMatchObject(refused);
    }
    expect(index.queries()).toHaveLength(queryCount);
  });

  it.each([
    ['an unknown status', { status: 'PAID' }],
    ['an amount as text', { amount: '5000' }],
    ['no history', { history: undefined }],
  ])('continues past a payment that has %s', async (_what, given) => {
    const stored = payments(5, (n) => (n === 2 ? (given as object) : {}));
    const { list } = listing(stored);

    const first = await list({ limit: 2 });
    const rest = await list({ limit: 100, cursor: first.body.nextCursor });

    expect([first.status, rest.status]).toEqual([200, 200]);
    const ids = [...first.body.items, ...rest.body.items].map(
      ({ paymentId }: Payment) => paymentId,
    );
    expect(ids).toEqual([4, 3, 1, 0].map((n) => stored[n]?.paymentId));
  });
});
