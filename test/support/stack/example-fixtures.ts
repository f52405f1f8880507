import { expect } from 'vitest';
import {
  deriveOrderId,
  derivePaymentId,
  deriveRefundId,
  deriveReviewId,
} from '../../../shared/domain/ids.ts';
import { alice, type Fixture } from '../../../shared/http/examples.ts';
import { eventually } from '../eventually.ts';
import type { Api } from './api-client.ts';
import { pg } from './external-systems.ts';
import { aClaimedPayment, expireOrder } from './forced-states.ts';
import { aBuyer, aCoupon, aProduct } from './stack-fixtures.ts';

const roles = ['buyer', 'sku', 'couponId', 'orderId', 'paymentId', 'refundId', 'reviewId'] as const;

/** Ids of one run, by the ids that the example uses. */
export type FixtureIds = Readonly<Record<(typeof roles)[number], string>>;

/** Replaces the example's ids by those of this run. */
export const withFixtureIds = <T>(value: T, ids: FixtureIds): T =>
  replaceIds(value, (text, role) => text.replaceAll(`"${alice[role]}"`, `"${ids[role]}"`));

/** Replaces the ids of this run by the example's. */
export const withExampleIds = <T>(value: T, ids: FixtureIds): T =>
  replaceIds(value, (text, role) => text.replaceAll(ids[role], alice[role]));

const replaceIds = <T>(value: T, replace: (text: string, role: keyof FixtureIds) => string): T =>
  JSON.parse(roles.reduce(replace, JSON.stringify(value)));

/** The part of an example's payment that the balance pays. */
const balanceAmount = 2_000;

interface FixtureOptions {
  readonly available?: number;
  readonly packets?: number;
}

const createFixture = async ({
  available = 1_000_000,
  packets = 10,
}: FixtureOptions = {}): Promise<FixtureIds> => {
  const buyer = await aBuyer({ available });
  const paymentId = derivePaymentId(buyer, alice.paymentKey);

  return {
    buyer,
    sku: await aProduct({ available: packets, price: 3_500 }),
    couponId: await aCoupon({ buyer, amountOff: 2_000 }),
    orderId: deriveOrderId(buyer, alice.orderKey),
    paymentId,
    refundId: deriveRefundId(buyer, paymentId, alice.refundKey),
    reviewId: deriveReviewId(paymentId, 3),
  };
};

const fixtureWithOrder = async ({ send }: Api, options?: FixtureOptions): Promise<FixtureIds> => {
  const ids = await createFixture(options);
  const { buyer, sku, couponId } = ids;
  const body = { lines: [{ sku, quantity: 2 }], couponId };
  const path = '/orders';
  expect(await send({ method: 'POST', path, buyer, key: alice.orderKey, body })).toMatchObject({
    status: 201,
    body: { orderId: ids.orderId, total: 5_000 },
  });

  return ids;
};

const inAnHour = () => new Date(Date.now() + 3_600_000);

const fixtureWithPayment = async (api: Api, paymentMethod: string): Promise<FixtureIds> => {
  const ids = await fixtureWithOrder(api);
  const { buyer, orderId, paymentId } = ids;
  const payment = await api.accepted(
    { buyer, orderId, total: 5_000 },
    { key: alice.paymentKey, paymentMethod, balanceAmount },
  );
  expect(payment.paymentId).toBe(paymentId);

  return ids;
};

const fixtureWithFinalPayment = async (api: Api, paymentMethod: string): Promise<FixtureIds> => {
  const ids = await fixtureWithPayment(api, paymentMethod);
  await api.settled(ids);

  return ids;
};

const fixtureWithRefund = async (api: Api): Promise<FixtureIds> => {
  const ids = await fixtureWithFinalPayment(api, 'sim_approve');
  const { buyer, sku, paymentId, refundId } = ids;
  const body = {
    lines: [{ sku, quantity: 1, restock: true }],
    reason: 'One packet was more than enough.',
  };
  const path = `/payments/${paymentId}/refunds`;
  const requested = await api.send({ method: 'POST', path, buyer, key: alice.refundKey, body });
  expect(requested).toMatchObject({ status: 202, body: { refundId } });
  await eventually(async () =>
    expect(await api.send({ method: 'GET', path: `/refunds/${refundId}`, buyer })).toMatchObject({
      body: { status: 'SUCCEEDED' },
    }),
  );

  return ids;
};

const fixtureWithReview = async (api: Api): Promise<FixtureIds> => {
  const ids = await fixtureWithPayment(api, 'sim_wrong_amount');
  const path = `/operator/reviews/${ids.reviewId}`;
  await eventually(async () =>
    expect(await api.asOperator({ method: 'GET', path })).toMatchObject({ status: 200 }),
  );
  await pg.refund(ids.paymentId, 3_001);

  return ids;
};

/** Creates the state that an example expects. */
export const fixtureFactories: Readonly<Record<Fixture, (api: Api) => Promise<FixtureIds>>> = {
  shop: () => createFixture(),
  order: (api) => fixtureWithOrder(api),
  async expired(api) {
    const ids = await fixtureWithOrder(api);
    await expireOrder(ids.orderId);

    return ids;
  },
  'low balance': (api) => fixtureWithOrder(api, { available: balanceAmount - 1 }),
  'last packet': (api) => fixtureWithOrder(api, { packets: 1 }),
  async waiting(api) {
    const ids = await fixtureWithOrder(api);
    const { buyer, orderId } = ids;
    const body = { orderId, balanceAmount };
    const path = '/payments';
    const key = alice.paymentKey;
    expect(await api.send({ method: 'POST', path, buyer, key, body })).toMatchObject({
      status: 202,
      body: { status: 'REQUIRES_ACTION' },
    });

    return ids;
  },
  async charging(api) {
    const ids = await fixtureWithOrder(api);
    const { paymentId } = ids;
    // The claim is written by hand, so that the payment stays in CHARGING.
    await aClaimedPayment({ ...ids, total: 5_000 }, inAnHour(), new Date(), {
      paymentId,
      balanceAmount,
    });

    return ids;
  },
  completed: (api) => fixtureWithFinalPayment(api, 'sim_approve'),
  async rewarded(api) {
    const ids = await fixtureWithFinalPayment(api, 'sim_approve');
    const points = () => api.send({ method: 'GET', path: '/me/points', buyer: ids.buyer });
    await eventually(async () => expect(await points()).not.toMatchObject({ body: { points: 0 } }));

    return ids;
  },
  refunded: fixtureWithRefund,
  declined: (api) => fixtureWithFinalPayment(api, 'sim_decline'),
  reviewed: fixtureWithReview,
};
