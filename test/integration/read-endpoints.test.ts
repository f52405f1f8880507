import { describe, expect, it } from 'vitest';
import { utcDayOf } from '../../shared/domain/time.ts';
import { eventually } from '../support/eventually.ts';
import { transports } from '../support/stack/api-client.ts';
import { aBuyer, anOrder, aProduct, balancePart } from '../support/stack/stack-fixtures.ts';

describe.concurrent.each(transports)('a buyer over %s', (_name, api) => {
  it('gets 304 for an unchanged payment', async () => {
    const payment = await api.accepted(await anOrder({ via: api }));
    await api.settled(payment);
    const { headers } = await api.payment(payment);

    const again = await api.send({
      method: 'GET',
      path: `/payments/${payment.paymentId}`,
      buyer: payment.buyer,
      headers: { 'if-none-match': `${headers.etag}` },
    });

    expect(headers.etag).toMatch(/^"\d+"$/);
    expect(again).toMatchObject({ status: 304, body: {}, headers: { etag: headers.etag } });
  });

  it('pages through all payments, each once', async () => {
    const buyer = await aBuyer({ available: 100_000 });
    const made = await Promise.all(
      [1, 2, 3].map(async () => api.accepted(await anOrder({ via: api, buyer }))),
    );
    await Promise.all(made.map(api.settled));
    const page = async (query: Record<string, string | number>) => {
      const { body } = await api.send({ method: 'GET', path: '/payments', buyer, query });

      return body as { items: { paymentId: string }[]; nextCursor?: string };
    };

    const first = await page({ limit: 2 });
    const second = await page({ limit: 2, cursor: `${first.nextCursor}` });

    expect(first.items).toHaveLength(2);
    expect(second).not.toHaveProperty('nextCursor');
    expect([...first.items, ...second.items].map(({ paymentId }) => paymentId).toSorted()).toEqual(
      made.map(({ paymentId }) => paymentId).toSorted(),
    );
  });

  it('reads the balance', async () => {
    const buyer = await aBuyer({ available: 10_000 });
    const order = await anOrder({ via: api, buyer });
    await api.settled(await api.accepted(order, { balanceAmount: balancePart }));

    const reply = await api.send({ method: 'GET', path: '/me/balance', buyer });

    expect(reply).toMatchObject({
      status: 200,
      body: { currency: 'KRW', available: 10_000 - balancePart, held: 0 },
    });
  });

  it('finds the best seller in the rankings', async () => {
    const units = 1_000;
    const sku = await aProduct({ available: units, price: 1 });
    const order = await anOrder({ via: api, lines: [{ sku, quantity: units }] });
    const { updatedAt } = await api.settled(await api.accepted(order));
    const query = { day: utcDayOf(new Date(`${updatedAt}`)), limit: 100 };
    const { buyer } = order;

    await eventually(async () => {
      const reply = await api.send({ method: 'GET', path: '/rankings', buyer, query });

      expect(reply).toMatchObject({ status: 200, body: { day: query.day } });
      expect(reply.body.items).toContainEqual({ rank: expect.any(Number), sku, units });
    });
  });
});
