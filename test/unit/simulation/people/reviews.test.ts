import { describe, expect, it, vi } from 'vitest';
import type { GatewayTruth } from '../../../simulation/gateways/gateway.ts';
import { createOperator } from '../../../simulation/people/operator.ts';
import { workOnReviews } from '../../../simulation/people/reviews.ts';
import { Random } from '../../../simulation/virtual/random.ts';
import { acceptEverything, createFakeShop, nothingAtGateway, type Respond } from './fake-shop.ts';

const review = {
  reviewId: 'rev_1',
  kind: 'payment',
  code: 'pg-mismatch',
  paymentId: 'pay_1',
  userId: 'alice',
  status: 'OPEN',
  decisions: ['completed', 'failed'],
  payment: {
    status: 'IN_REVIEW',
    version: 3,
    amount: 1_500,
    gatewayAmount: 1_000,
    gatewayRefunded: 0,
    refundPending: 0,
    gatewayRefundPending: 0,
  },
  refunds: [],
};

interface Situation {
  readonly seed: number;
  readonly operator?: string;
  readonly captured: number;
  readonly version?: number;
  readonly acceptsRefund?: boolean;
  readonly resolve?: ReturnType<Respond>;
}

const work = async ({
  seed,
  operator = 'olivia',
  captured,
  version = 3,
  acceptsRefund = true,
  resolve,
}: Situation) => {
  let truth: GatewayTruth = { ...nothingAtGateway, captures: 1, captured };
  const refundByHand = vi.fn(async (_reference: string, amount: number) => {
    if (acceptsRefund) truth = { ...truth, refunded: truth.refunded + amount };
  });
  const respond: Respond = (request) => {
    if (request.path === '/operator/reviews') return { status: 200, body: { items: [review] } };
    if (request.path === '/operator/reviews/rev_1') return { status: 200, body: review };
    if (request.path.endsWith('/resolve') && resolve) return resolve;

    return acceptEverything(request);
  };
  const gateway = { references: () => ['pay_1'], truthOf: () => truth, refundByHand };
  const fake = createFakeShop({ seed, respond, gateway });
  fake.shop.seed('Reviews', review);
  fake.shop.seed('Payments', { paymentId: 'pay_1', version });
  fake.shop.start('olivia', () =>
    workOnReviews(createOperator(fake.shop, operator, new Random(operator))),
  );
  await fake.settle();
  expect(fake.errors).toEqual([]);
  const bodiesTo = (end: string) =>
    fake.requests
      .filter(({ request }) => request.path.endsWith(end))
      .map((one) => one.request.body);

  return {
    decisions: bodiesTo('/resolve').map((body) => (body as { decision: string }).decision),
    inquiries: bodiesTo('/inquire').length,
    refunds: refundByHand.mock.calls.map(([, amount]) => amount),
    net: truth.captured - truth.refunded,
  };
};

const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

describe('workOnReviews', () => {
  it('refunds at the gateway before it decides, until the decision is the truth', async () => {
    const seen = new Set<string>();
    for (const seed of seeds) {
      const { decisions, refunds, net } = await work({ seed, captured: 1_001 });
      expect(refunds).toHaveLength(1);
      expect(net).toBe(decisions[0] === 'completed' ? 1_000 : 0);
      for (const decision of decisions) seen.add(decision);
    }
    expect([...seen].toSorted()).toEqual(['completed', 'failed']);
  });

  it('decides nothing if the gateway refuses the refund', async () => {
    const { decisions, refunds } = await work({ seed: 1, captured: 1_001, acceptsRefund: false });

    expect([decisions, refunds.length]).toEqual([[], 1]);
  });

  it('refunds nothing if the payment has changed since it was read', async () => {
    const { decisions, refunds } = await work({ seed: 1, captured: 1_001, version: 4 });

    expect([decisions, refunds]).toEqual([[], []]);
  });

  it('requests an inquiry if the decision is rejected', async () => {
    const resolve = { status: 409, body: { code: 'decision-not-allowed' } };
    const { inquiries } = await work({ seed: 1, captured: 1_000, resolve });

    expect(inquiries).toBeGreaterThanOrEqual(1);
  });

  it('repeats a decision at most three times if nothing answers', async () => {
    const resolve = { status: 503, body: { code: 'temporarily-unavailable' } };
    for (const operator of ['olivia', 'omar', 'oscar', 'otto', 'ove']) {
      const { decisions } = await work({ seed: 1, operator, captured: 1_000, resolve });
      expect(decisions.length).toBeLessThanOrEqual(6);
    }
  });

  it('has one decision for each review, by any operator', async () => {
    for (const seed of seeds) {
      const [one, other] = [
        await work({ seed, operator: 'olivia', captured: 1_001 }),
        await work({ seed, operator: 'omar', captured: 1_001 }),
      ];
      expect(new Set([...one.decisions, ...other.decisions]).size).toBe(1);
      expect(other.refunds).toEqual(one.refunds);
    }
  });
});
