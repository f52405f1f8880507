import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Api, type PlacedOrder, transports } from '../support/stack/api-client.ts';
import { pg } from '../support/stack/external-systems.ts';
import { paymentsOf } from '../support/stack/repositories.ts';
import {
  aBuyer,
  anOrder,
  aProduct,
  balancePart,
  wallets,
} from '../support/stack/stack-fixtures.ts';

/** Concurrent requests run in several environments, of which at most one has handled the key before. */
const payConcurrently = (api: Api, order: PlacedOrder, input: Parameters<Api['pay']>[1]) =>
  Promise.all([1, 2, 3].map(() => api.pay(order, input)));

describe.concurrent.each(transports)('an Idempotency-Key over %s', (_name, api) => {
  it('returns the same answer for any spelling of the same body', async () => {
    const order = await anOrder({ via: api });
    const { orderId, buyer } = order;
    const key = randomUUID();
    const body = `{"orderId":"${orderId}","paymentMethod":"sim_approve","balanceAmount":${balancePart}}`;
    const sameBody = `{ "balanceAmount" : ${balancePart}, "paymentMethod" : "sim_approve",\n "orderId" : "${orderId}" }`;

    const first = await api.pay(order, { key, body });
    const again = await api.pay(order, { key, body: sameBody });

    expect(first).toMatchObject({ status: 202 });
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(again).toMatchObject({
      status: 202,
      headers: { location: first.headers.location, 'idempotency-replayed': 'true' },
    });
    expect(again.body).toEqual(first.body);
    await api.settled({ buyer, orderId, paymentId: `${first.body.paymentId}` });
    expect(await wallets.of(buyer)).toMatchObject({ held: 0, spent: balancePart });
  });

  it('returns the same answer after the payment ended, in every environment', async () => {
    const order = await anOrder({ via: api });
    const key = randomUUID();
    const first = await api.pay(order, { key });
    await api.settled({ ...order, paymentId: `${first.body.paymentId}` });

    const again = await payConcurrently(api, order, { key });

    for (const reply of again) {
      expect(reply).toMatchObject({ status: 202, headers: { 'idempotency-replayed': 'true' } });
      expect(reply.body).toEqual(first.body);
    }
    expect(await pg.chargesOf(`${first.body.paymentId}`)).toMatchObject({
      counts: { requests: 1 },
    });
  });

  it('returns the same rejection in every environment', async () => {
    const order = await anOrder({ via: api, buyer: await aBuyer({ available: 1 }) });
    const key = randomUUID();

    const input = { key, balanceAmount: 2 };
    const first = await api.pay(order, input);
    const again = await payConcurrently(api, order, input);

    expect(first).toMatchObject({ status: 402 });
    const { traceId: _, ...body } = first.body;
    const headers = { 'idempotency-replayed': 'true' };
    for (const reply of again) expect(reply).toMatchObject({ status: 402, headers, body });
    expect(await paymentsOf(order.buyer)).toHaveLength(1);
  });

  it('is rejected with another body in every environment and changes nothing', async () => {
    const order = await anOrder({ via: api });
    const key = randomUUID();
    const payment = await api.accepted(order, { key });

    const replies = await payConcurrently(api, order, { key, paymentMethod: 'sim_decline' });

    for (const reply of replies) {
      expect(reply).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    }
    expect(await api.settled(payment)).toMatchObject({ status: 'COMPLETED' });
    expect(await paymentsOf(order.buyer)).toHaveLength(1);
  });

  it.each([
    ['empty', '', 'idempotency-key-missing'],
    ['of 300 characters', 'k'.repeat(300), 'idempotency-key-invalid'],
    ['with a control character', 'a\tb', 'idempotency-key-invalid'],
    ['with a space', 'a b', 'idempotency-key-invalid'],
    ['beyond ASCII', 'caf\u00e9', 'idempotency-key-invalid'],
  ])('that is %s is refused', async (_case, key, code) => {
    const order = await anOrder({ via: api });

    const reply = await api.pay(order, { key });

    expect(reply).toMatchObject({ status: 400, body: { code } });
    expect(await paymentsOf(order.buyer)).toHaveLength(0);
  });

  it('is required', async () => {
    const { buyer, orderId } = await anOrder({ via: api });
    const body = { orderId, paymentMethod: 'sim_approve' };

    const reply = await api.send({ method: 'POST', path: '/payments', buyer, body });

    expect(reply).toMatchObject({ status: 400, body: { code: 'idempotency-key-missing' } });
    expect(await paymentsOf(buyer)).toHaveLength(0);
  });

  it('is scoped to one buyer', async () => {
    const key = randomUUID();
    const sku = await aProduct();
    const mine = await anOrder({ via: api, lines: [{ sku, quantity: 1 }] });
    const theirs = await anOrder({ via: api, lines: [{ sku, quantity: 1 }] });

    const first = await api.pay(mine, { key });
    const second = await api.pay(theirs, { key });

    expect(first).toMatchObject({ status: 202 });
    expect(second).toMatchObject({ status: 202, body: { orderId: theirs.orderId } });
    expect(second.body.paymentId).not.toBe(first.body.paymentId);
    expect(second.headers).not.toHaveProperty('idempotency-replayed');
  });
});
