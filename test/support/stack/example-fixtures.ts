import { expect } from 'vitest';
import { orderIdOf, paymentIdOf, refundIdOf, reviewIdOf } from '../../../shared/domain/ids.ts';
import { alice, type Given } from '../../../shared/http/examples.ts';
import { eventually } from '../eventually.ts';
import type { Api } from './api-client.ts';
import { pg } from './external-systems.ts';
import { aClaimedPayment, expireOrder } from './forced-states.ts';
import { aBuyer, aCoupon, aProduct } from './stack-fixtures.ts';

const roles = ['buyer', 'sku', 'couponId', 'orderId', 'paymentId', 'refundId', 'reviewId'] as const;

/** Who and what plays alice and hers in one run of an example, under the same keys. */
export type Cast = Readonly<Record<(typeof roles)[number], string>>;

/** What an example says, with the names of this run. */
export const toPlay = <T>(said: T, cast: Cast): T =>
  replaced(said, (text, role) => text.replaceAll(`"${alice[role]}"`, `"${cast[role]}"`));

/** What came of it, with the names of the example. */
export const told = <T>(came: T, cast: Cast): T =>
  replaced(came, (text, role) => text.replaceAll(cast[role], alice[role]));

const replaced = <T>(value: T, replace: (text: string, role: keyof Cast) => string): T =>
  JSON.parse(roles.reduce(replace, JSON.stringify(value)));

interface Wealth {
  readonly available?: number;
  readonly packets?: number;
}

const cast = async ({ available = 1_000_000, packets = 10 }: Wealth = {}): Promise<Cast> => {
  const buyer = await aBuyer({ available });
  const paymentId = paymentIdOf(buyer, alice.paymentKey);

  return {
    buyer,
    sku: await aProduct({ available: packets, price: 3_500 }),
    couponId: await aCoupon({ buyer, amountOff: 2_000 }),
    orderId: orderIdOf(buyer, alice.orderKey),
    paymentId,
    refundId: refundIdOf(buyer, paymentId, alice.refundKey),
    reviewId: reviewIdOf(paymentId, 3),
  };
};

const ordered = async ({ send }: Api, wealth?: Wealth): Promise<Cast> => {
  const players = await cast(wealth);
  const { buyer, sku, couponId } = players;
  const body = { lines: [{ sku, quantity: 2 }], couponId };
  const path = '/orders';
  expect(await send({ method: 'POST', path, buyer, key: alice.orderKey, body })).toMatchObject({
    status: 201,
    body: { orderId: players.orderId, total: 5_000 },
  });

  return players;
};

const inAnHour = () => new Date(Date.now() + 3_600_000);

const accepted = async (api: Api, paymentMethod: string): Promise<Cast> => {
  const players = await ordered(api);
  const { buyer, orderId, paymentId } = players;
  const payment = await api.accepted(
    { buyer, orderId, total: 5_000 },
    { key: alice.paymentKey, paymentMethod },
  );
  expect(payment.paymentId).toBe(paymentId);

  return players;
};

const settled = async (api: Api, paymentMethod: string): Promise<Cast> => {
  const players = await accepted(api, paymentMethod);
  await api.settled(players);

  return players;
};

const refunded = async (api: Api): Promise<Cast> => {
  const players = await settled(api, 'sim_approve');
  const { buyer, sku, paymentId, refundId } = players;
  const body = {
    lines: [{ sku, quantity: 1, restock: true }],
    reason: 'One packet was more than enough.',
  };
  const path = `/payments/${paymentId}/refunds`;
  const asked = await api.send({ method: 'POST', path, buyer, key: alice.refundKey, body });
  expect(asked).toMatchObject({ status: 202, body: { refundId } });
  await eventually(async () =>
    expect(await api.send({ method: 'GET', path: `/refunds/${refundId}`, buyer })).toMatchObject({
      body: { status: 'SUCCEEDED' },
    }),
  );

  return players;
};

const reviewed = async (api: Api): Promise<Cast> => {
  const players = await accepted(api, 'sim_wrong_amount');
  const path = `/operator/reviews/${players.reviewId}`;
  await eventually(async () =>
    expect(await api.asOperator({ method: 'GET', path })).toMatchObject({ status: 200 }),
  );
  await pg.refund(players.paymentId, 5_001);

  return players;
};

/** Makes true what is there before an example. */
export const arrange: Readonly<Record<Given, (api: Api) => Promise<Cast>>> = {
  shop: () => cast(),
  order: (api) => ordered(api),
  async expired(api) {
    const players = await ordered(api);
    await expireOrder(players.orderId);

    return players;
  },
  poverty: (api) => ordered(api, { available: 4_999 }),
  'last packet': (api) => ordered(api, { packets: 1 }),
  async charging(api) {
    const players = await ordered(api);
    const { paymentId } = players;
    // Its charger is by hand, so that it stays at it.
    await aClaimedPayment({ ...players, total: 5_000 }, inAnHour(), new Date(), paymentId);

    return players;
  },
  completed: (api) => settled(api, 'sim_approve'),
  async rewarded(api) {
    const players = await settled(api, 'sim_approve');
    const points = () => api.send({ method: 'GET', path: '/me/points', buyer: players.buyer });
    await eventually(async () => expect(await points()).not.toMatchObject({ body: { points: 0 } }));

    return players;
  },
  refunded,
  declined: (api) => settled(api, 'sim_decline'),
  reviewed,
};
