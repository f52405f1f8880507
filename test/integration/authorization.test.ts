import { describe, expect, it } from 'vitest';
import { requestToken } from '../../dev/local/issuer.ts';
import { api, type PlacedOrder, transports } from '../support/stack/api-client.ts';
import { stack } from '../support/stack/aws-clients.ts';
import { aBuyer, anOrder, orderOf, uniqueId, wallets } from '../support/stack/stack-fixtures.ts';
import { isDirectOnly, type Reply } from '../support/stack/transports.ts';

/** A reply without its trace id and the requested id. */
const comparableReply = ({ status, body }: Reply, id: string) => ({
  status,
  body: JSON.parse(
    JSON.stringify({ ...body, traceId: undefined }).replaceAll(id, 'the requested id'),
  ),
});

describe.concurrent.each(transports)('over %s', (_name, via) => {
  it.each([
    ['GET', '/orders/{}', 'order-not-found'],
    ['GET', '/payments/{}', 'payment-not-found'],
    ['GET', '/payments/{}/timeline', 'payment-not-found'],
  ] as const)(
    `%s %s of another buyer returns the same 404 as a missing one`,
    async (method, path, code) => {
      const order = await anOrder({ via });
      const { paymentId } = await via.accepted(order);
      const id = path.startsWith('/orders') ? order.orderId : paymentId;
      const missing = uniqueId('missing');
      const buyer = await aBuyer();

      const theirs = await via.send({ method, path: path.replace('{}', id), buyer });
      const none = await via.send({ method, path: path.replace('{}', missing), buyer });

      expect(theirs).toMatchObject({ status: 404, body: { code } });
      expect(comparableReply(theirs, id)).toEqual(comparableReply(none, missing));
    },
  );

  it("returns 404 for a payment of another buyer's order", async () => {
    const order = await anOrder({ via });
    const missing: PlacedOrder = { ...order, orderId: uniqueId('missing') };
    const buyer = await aBuyer();

    const theirs = await via.pay(order, { buyer });
    const none = await via.pay(missing, { buyer });

    expect(theirs).toMatchObject({ status: 404, body: { code: 'order-not-found' } });
    expect(comparableReply(theirs, order.orderId)).toEqual(comparableReply(none, missing.orderId));
    expect(await orderOf(order.orderId)).toMatchObject({ status: 'PENDING_PAYMENT' });
    expect(await wallets.of(buyer)).toMatchObject({ held: 0, spent: 0 });
  });

  it("returns 404 for a refund of another buyer's payment", async () => {
    const payment = await via.accepted(await anOrder({ via }));
    await via.settled(payment);
    const missing = { ...payment, paymentId: uniqueId('missing') };
    const { refundId } = await via.refunded(payment, { amount: 1 });
    const buyer = await aBuyer();
    const refundOf = (id: string) => via.send({ method: 'GET', path: `/refunds/${id}`, buyer });

    const theirs = await via.refund({ ...payment, buyer }, { amount: 1 });
    const none = await via.refund({ ...missing, buyer }, { amount: 1 });
    const seen = await refundOf(`${refundId}`);
    const unseen = await refundOf(missing.paymentId);

    expect(theirs).toMatchObject({ status: 404, body: { code: 'payment-not-found' } });
    expect(comparableReply(theirs, payment.paymentId)).toEqual(
      comparableReply(none, missing.paymentId),
    );
    expect(seen).toMatchObject({ status: 404, body: { code: 'refund-not-found' } });
    expect(comparableReply(seen, `${refundId}`)).toEqual(
      comparableReply(unseen, missing.paymentId),
    );
  });

  it('lists no payment of another buyer', async () => {
    const order = await anOrder({ via });
    await via.accepted(order);

    const theirs = await via.send({ method: 'GET', path: '/payments', buyer: await aBuyer() });

    expect(theirs).toMatchObject({ status: 200, body: { items: [] } });
  });
});

/** Registered only if the stack has an authorizer. */
const describeGateway = (name: string, tests: () => void) => {
  if (!isDirectOnly) describe.concurrent(name, tests);
};

describeGateway('the authorizer', () => {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const token = (claims: object) =>
    requestToken(stack.tokenUrl, { sub: uniqueId('buyer'), ...claims });
  const forged = async () => {
    const [header, , signature] = (await token({})).split('.');
    const otherClaims = Buffer.from(JSON.stringify({ sub: 'another-buyer', aud: 'aftercommit' }));

    return `${header}.${otherClaims.toString('base64url')}.${signature}`;
  };

  it.each<[string, () => Promise<Record<string, string>>]>([
    ['no token', async () => ({})],
    ['an expired token', async () => bearer(await token({ expiresInSeconds: -60 }))],
    ["another audience's token", async () => bearer(await token({ aud: 'another-audience' }))],
    ['a token with changed claims', async () => bearer(await forged())],
    ['text that is not a token', async () => bearer('open-sesame')],
  ])('refuses %s: 401, and the order stays unpaid', async (_case, headers) => {
    const { orderId, buyer } = await anOrder();
    const body = { orderId, paymentMethod: 'sim_approve' };
    const request = { method: 'POST', path: '/payments', key: uniqueId('key'), body } as const;

    const reply = await api.send({ ...request, headers: await headers() });

    expect(reply).toMatchObject({ status: 401 });
    expect(await orderOf(orderId)).toMatchObject({ status: 'PENDING_PAYMENT' });
    expect(await wallets.of(buyer)).toMatchObject({ held: 0 });
  });

  it.each([
    ['aftercommit/support', 200],
    ['aftercommit/operator', 200],
    ['aftercommit/redrive', 403],
  ])('answers a list of reviews with the scope %s: %i', async (scope, status) => {
    const headers = bearer(await token({ scope }));

    expect(await api.send({ method: 'GET', path: '/operator/reviews', headers })).toMatchObject({
      status,
    });
  });

  it('allows a health check without a token', async () => {
    const reply = await api.send({ method: 'GET', path: '/health' });

    expect(reply).toMatchObject({ status: 200 });
  });
});
