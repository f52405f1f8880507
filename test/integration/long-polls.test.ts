import { describe, expect, it } from 'vitest';
import { api, apiWithoutRetry } from '../support/stack/api-client.ts';
import { aBuyer, anOrder, aProduct } from '../support/stack/stack-fixtures.ts';

const prefer = 'wait=20';

const anOrderOf = async (quantity = 1) => {
  const buyer = await aBuyer({ available: 1_000_000 });
  const sku = await aProduct({ available: 10, price: 1_000 });

  return anOrder({ buyer, lines: [{ sku, quantity }] });
};

describe('long polls', () => {
  it('return a refund when it ends', async () => {
    const accepted = await api.accepted(await anOrderOf());
    await api.settled(accepted);
    const requested = await api.refund(accepted, { amount: 300 });
    const path = `/refunds/${requested.body.refundId}`;

    const reply = await api.send({
      method: 'GET',
      path,
      buyer: accepted.buyer,
      headers: { prefer },
    });

    expect(reply).toMatchObject({
      status: 200,
      headers: { 'preference-applied': prefer },
      body: { status: 'SUCCEEDED' },
    });
  });

  it('return a completed payment when its refund changes it', async () => {
    const accepted = await api.accepted(await anOrderOf());
    await api.settled(accepted);
    const { headers } = await api.payment(accepted);
    await api.refund(accepted, { amount: 300 });

    const reply = await api.send({
      method: 'GET',
      path: `/payments/${accepted.paymentId}`,
      buyer: accepted.buyer,
      headers: { prefer, 'if-none-match': `${headers.etag}` },
    });

    expect(reply).toMatchObject({ status: 200 });
    expect(reply.headers.etag).not.toBe(headers.etag);
  });

  it('leave capacity for reads and payments during twelve long polls', async () => {
    const order = await anOrderOf();
    const another = await anOrderOf();
    const unknown = await api.accepted(order, { paymentMethod: 'sim_timeout_before_effect' });
    // Longer than the local API queues a request, shorter than the time to the outcome.
    const prefer = 'wait=12';
    const waits = Array.from({ length: 12 }, async () => {
      const path = `/payments/${unknown.paymentId}`;
      const { buyer } = order;
      const reply = await api.send({ method: 'GET', path, buyer, headers: { prefer } });

      return reply.headers['preference-applied'];
    });

    expect(await apiWithoutRetry.payment(unknown)).toMatchObject({ status: 200 });
    expect(await apiWithoutRetry.pay(another)).toMatchObject({ status: 202 });

    const applied = await Promise.all(waits);
    expect(applied).toContain(prefer);
    expect(applied).toContain('wait=0');
    expect(applied.filter((one) => one === prefer).length).toBeLessThanOrEqual(3);
  });
});
