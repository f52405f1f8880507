import { describe, expect, it } from 'vitest';
import { createCompareWithGateway } from '../../../../functions/inquire-payment/compare-with-gateway.ts';
import {
  createFailRefund,
  createRecordExternalRefund,
  createSettleRefund,
} from '../../../../shared/application/refunds/settle-refund.ts';
import { createDifferenceReviews } from '../../../../shared/application/reviews/difference-reviews.ts';
import { deriveDifferenceReviewId } from '../../../../shared/domain/ids.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import type { Refund } from '../../../../shared/domain/refunds/refund.ts';
import {
  applyRefundSuccess,
  createExternalRefund,
} from '../../../../shared/domain/refunds/refund-settlement.ts';
import type { Review } from '../../../../shared/domain/reviews/review.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { aBalance, aProduct } from '../../../support/builders/builders.ts';
import {
  aPaidOrder,
  aRefund,
  later,
  refundFailure,
  refundSuccess,
} from '../../../support/builders/refund-generators.ts';
import { createReviewHarness } from '../review-harness.ts';

const windowMs = timings.local.inFlightWindowMs;

/** A payment of 5,000 that has ended, what the gateway holds of it, and the comparison of the two. */
const anEndedPayment = (change: Partial<Payment> = {}) => {
  const harness = createReviewHarness();
  const { order, payment } = aPaidOrder({ userId: 'alice' });
  const { paymentId } = payment;
  harness.tables.put('Orders', order);
  harness.tables.put('Payments', { ...payment, ...change });
  harness.tables.put('Balances', aBalance({ userId: 'alice', available: 0, spent: 5_000 }));
  harness.tables.put('Products', aProduct({ sku: 'tea', sold: 2 }));
  const world = { now: later(3_600), whileAsking: () => {} };
  const clock = { now: () => world.now };
  const stored = () => harness.tables.items<Payment>('Payments')[0] as Payment;
  const compare = createCompareWithGateway({
    gateway: {
      inquire: async () => {
        world.whileAsking();

        return harness.gateway.inquire();
      },
    },
    payments: harness.stores.payments,
    differences: createDifferenceReviews(harness.stores),
    clock,
    timings: timings.local,
  });

  return {
    ...harness,
    world,
    stored,
    reviews: () => harness.tables.items<Review>('Reviews'),
    id: (count: number) => deriveDifferenceReviewId(paymentId, count),
    /** The gateway holds this by now. */
    holds: (captured: number, refunded: number) => harness.gateway.has(captured, refunded),
    compare: () => compare(stored()),
    put: (payment: Payment) => harness.tables.put('Payments', payment),
    paid: { order, payment: { ...payment, ...change } },
  };
};

describe('compare with gateway', () => {
  it('is consistent if the gateway matches the ledger, and changes nothing', async () => {
    const { compare, holds, stored, reviews } = anEndedPayment();
    const { version } = stored();
    holds(5_000, 0);

    expect(await compare()).toBe('consistent');

    expect(reviews()).toEqual([]);
    expect(stored()).toMatchObject({ version, lastInquiredAt: later(3_600).toISOString() });
  });

  it.each([
    ['a part was refunded at the gateway', 5_000, 2_000, -2_000],
    ['all was refunded at the gateway', 5_000, 5_000, -5_000],
    ['more was captured', 5_001, 0, 1],
  ])(
    'opens one review if %s, for any number of comparisons',
    async (_case, captured, refunded, amount) => {
      const { compare, holds, stored, reviews, id } = anEndedPayment();
      const before = stored();
      holds(captured, refunded);

      expect(await compare()).toBe('review-opened');
      expect([await compare(), await compare()]).toEqual(['known-difference', 'known-difference']);

      expect(reviews()).toMatchObject([
        {
          reviewId: id(1),
          kind: 'gateway-difference',
          code: 'gateway-difference',
          status: 'OPEN',
          amountAtRisk: Math.abs(amount),
          difference: { captured, refunded, booked: 0, pending: 0, amount },
        },
      ]);
      expect(stored()).toMatchObject({ status: 'COMPLETED', version: before.version });
      expect(stored().history).toEqual(before.history);
    },
  );

  it('opens one review for two concurrent comparisons', async () => {
    const { compare, holds, reviews } = anEndedPayment();
    holds(5_000, 2_000);

    const outcomes = await Promise.allSettled([compare(), compare(), compare()]);

    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(reviews()).toHaveLength(1);
  });

  it.each([
    ['not at the gateway yet', 0],
    ['already at the gateway', 2_500],
  ])('tolerates a pending refund that is %s', async (_case, refunded) => {
    const { compare, holds, put, paid, reviews } = anEndedPayment();
    put(aRefund(paid, { amount: 2_500 }, 'rfd_1').payment);
    holds(5_000, refunded);

    expect(await compare()).toBe('consistent');

    expect(reviews()).toEqual([]);
  });

  it('tolerates a refund requested and paid during the inquiry', async () => {
    const { compare, holds, put, paid, reviews, world } = anEndedPayment();
    world.whileAsking = () => {
      put(applyRefundSuccess(aRefund(paid, { amount: 2_500 }, 'rfd_1'), refundSuccess).payment);
      holds(5_000, 2_500);
    };

    expect(await compare()).toBe('consistent');

    expect(reviews()).toEqual([]);
  });

  it('waits for a limited time for the gateway to show the last refund', async () => {
    const { compare, holds, put, paid, reviews, world } = anEndedPayment();
    put(applyRefundSuccess(aRefund(paid, { amount: 2_500 }, 'rfd_1'), refundSuccess).payment);
    holds(5_000, 0);
    world.now = new Date(refundSuccess.at.getTime() + windowMs - 1);

    await expect(compare()).rejects.toThrow('may not show');
    expect(reviews()).toEqual([]);
    world.now = new Date(refundSuccess.at.getTime() + windowMs);

    expect(await compare()).toBe('review-opened');
  });

  it('opens a review if a succeeded refund failed later at the gateway', async () => {
    const { compare, holds, put, paid, reviews } = anEndedPayment();
    put(applyRefundSuccess(aRefund(paid, { amount: 2_500 }, 'rfd_1'), refundSuccess).payment);
    holds(5_000, 2_500);
    expect(await compare()).toBe('consistent');
    holds(5_000, 0);

    expect(await compare()).toBe('review-opened');

    expect(reviews()).toMatchObject([
      { difference: { captured: 5_000, refunded: 0, booked: 2_500, amount: 2_500 } },
    ]);
  });

  it('opens a review if the gateway still holds a reversed payment', async () => {
    const { compare, holds, reviews } = anEndedPayment({ status: 'REVERSED' });
    holds(5_000, 5_000);
    expect(await compare()).toBe('consistent');
    holds(5_000, 4_000);

    expect(await compare()).toBe('review-opened');

    expect(reviews()).toMatchObject([{ difference: { amount: 1_000 } }]);
  });

  it('closes the review on agreement and opens another for the next difference', async () => {
    const { compare, holds, reviews, id } = anEndedPayment();
    holds(5_000, 2_000);
    await compare();
    holds(5_000, 0);

    expect([await compare(), await compare()]).toEqual(['consistent-again', 'consistent']);
    expect(reviews()).toMatchObject([
      {
        status: 'RESOLVED',
        decision: 'completed',
        reconciledAt: later(3_600).toISOString(),
        audit: [{ by: 'inquire-payment' }],
      },
    ]);
    holds(5_000, 2_000);

    expect(await compare()).toBe('review-opened');
    expect(reviews().map(({ reviewId }) => reviewId)).toEqual([id(1), id(2)]);
  });

  it('replaces an open review if the difference changes', async () => {
    const { compare, holds, reviews } = anEndedPayment();
    holds(5_000, 2_000);
    await compare();
    holds(5_000, 3_000);

    expect(await compare()).toBe('review-opened');

    expect(reviews()).toMatchObject([
      { status: 'RESOLVED' },
      { status: 'OPEN', difference: { amount: -3_000 } },
    ]);
  });

  it.each([
    ['not sent', { outcome: 'not-sent', reason: '401', cause: 'credentials' }],
    ['ambiguous', { outcome: 'ambiguous', reason: 'timeout' }],
    ['in progress', { outcome: 'in-progress' }],
  ] as const)('compares again later if the answer is %s', async (_case, answer) => {
    const { compare, gateway, reviews } = anEndedPayment();
    gateway.says({ inquire: answer });

    await expect(compare()).rejects.toThrow('comparison: ');

    expect(reviews()).toEqual([]);
  });

  it.each([
    ['knows no such charge', { outcome: 'not-found' }, 'not found'],
    [
      'reports a decline',
      { outcome: 'declined', code: 'canceled', reason: 'no' },
      'declined: canceled',
    ],
    [
      'holds another currency',
      {
        outcome: 'mismatch',
        transactionId: 't',
        differences: ['currency: expected KRW, got USD'],
        captured: 5_000,
        refunded: 0,
      },
      'currency: expected KRW, got USD',
    ],
  ] as const)('opens a review if the gateway %s', async (_case, answer, detail) => {
    const { compare, gateway, reviews } = anEndedPayment();
    gateway.says({ inquire: answer });

    expect(await compare()).toBe('review-opened');

    expect(reviews()).toMatchObject([{ difference: { captured: 0, amount: -5_000, detail } }]);
  });
});

describe('compare with gateway during a pending refund', () => {
  /** A refund of ours of so much is pending, another one of so much is booked, and the two are compared minute by minute. */
  const pending = (amount: number, booked = 0) => {
    const ended = anEndedPayment();
    const { paid } = ended;
    const first =
      booked > 0 && applyRefundSuccess(aRefund(paid, { amount: booked }, 'rfd_1'), refundSuccess);
    const { refund, payment } = aRefund(
      { order: paid.order, payment: first ? first.payment : paid.payment },
      { amount },
      'rfd_2',
    );
    ended.put(payment);
    ended.tables.put('Refunds', refund);

    return {
      ...ended,
      fails: () => createFailRefund(ended.stores)(refund, refundFailure),
      succeeds: () => createSettleRefund(ended.stores)(refund, refundSuccess),
      compareLater: () => {
        ended.world.now = new Date(ended.world.now.getTime() + 60_000);

        return ended.compare();
      },
    };
  };

  it('compares again when the refund is declined, and finds an external refund', async () => {
    const { holds, compareLater, fails, stored, reviews } = pending(5_000);
    holds(5_000, 2_000);
    expect([await compareLater(), await compareLater()]).toEqual(['consistent', 'consistent']);
    expect(stored()).not.toHaveProperty('dueAt');

    expect(await fails()).toMatchObject({ status: 'FAILED' });

    expect(stored()).toMatchObject({ dueAt: expect.any(String), dueShard: expect.any(String) });
    expect(await compareLater()).toBe('review-opened');
    expect(reviews()).toMatchObject([{ difference: { amount: -2_000, pending: 0 } }]);
    expect(stored()).not.toHaveProperty('dueAt');
    expect(stored()).not.toHaveProperty('dueShard');
    expect(await compareLater()).toBe('known-difference');
    expect(stored()).not.toHaveProperty('dueAt');
  });

  it('compares again when the refund is paid, and finds a hidden difference', async () => {
    const { holds, compareLater, succeeds, stored, reviews } = pending(2_500, 2_500);
    holds(5_000, 2_500);
    expect(await compareLater()).toBe('consistent');

    expect(await succeeds()).toMatchObject({ status: 'SUCCEEDED' });

    expect(stored()).toHaveProperty('dueAt');
    expect(await compareLater()).toBe('review-opened');
    expect(reviews()).toMatchObject([{ difference: { booked: 5_000, amount: 2_500 } }]);
    expect(stored()).not.toHaveProperty('dueAt');
  });

  it('compares again after a difference, which may have grown', async () => {
    const { holds, compareLater, fails, reviews } = pending(2_000);
    holds(5_000, 3_000);
    expect(await compareLater()).toBe('review-opened');
    await fails();

    expect(await compareLater()).toBe('review-opened');

    expect(reviews()).toMatchObject([
      { status: 'RESOLVED', difference: { amount: -1_000 } },
      { status: 'OPEN', difference: { amount: -3_000 } },
    ]);
  });

  it('compares when the refund is declined, even if it did not before', async () => {
    const { holds, compareLater, fails, stored } = pending(5_000);
    holds(5_000, 0);
    await fails();
    expect(stored()).toMatchObject({ hintedAt: refundFailure.at.toISOString() });
    expect(stored()).toHaveProperty('dueAt');

    expect(await compareLater()).toBe('consistent');

    expect(stored()).not.toHaveProperty('dueAt');
  });

  it('does not compare when the refund is paid without a hint', async () => {
    const { succeeds, stored } = pending(5_000);
    await succeeds();

    expect(stored()).not.toHaveProperty('hintedAt');
    expect(stored()).not.toHaveProperty('dueAt');
  });

  it('is due immediately, once, if the refund ends during the inquiry', async () => {
    const { world, holds, compareLater, stored, put } = pending(2_500);
    const settled = applyRefundSuccess(
      { payment: stored(), refund: aRefund(anEndedPayment().paid, { amount: 2_500 }).refund },
      refundSuccess,
    );
    holds(5_000, 2_500);
    world.whileAsking = () => put(settled.payment);
    expect(await compareLater()).toBe('consistent');
    expect(stored()).toHaveProperty('dueAt');
    world.whileAsking = () => {};

    expect(await compareLater()).toBe('consistent');

    expect(stored()).not.toHaveProperty('dueAt');
  });

  it('keeps the comparison due against an older read of the payment', async () => {
    const { holds, compareLater, stored, stores } = pending(5_000);
    const before = stored();
    holds(5_000, 2_000);
    await compareLater();
    const after = { ...before, version: before.version + 1, refundPending: 0 };

    expect(await stores.payments.tryUpdate(before, after)).toBe(false);
  });
});

describe('resolve gateway difference', () => {
  const refundedThere = async () => {
    const ended = anEndedPayment();
    ended.holds(5_000, 2_000);
    await ended.compare();

    return ended;
  };

  it('accepts a difference without a change and does not review it again', async () => {
    const { compare, resolve, get, stored, id, reviews } = await refundedThere();
    const before = stored();
    expect((await get(id(1))).body).toMatchObject({
      kind: 'gateway-difference',
      decisions: ['completed', 'reversed'],
      difference: { amount: -2_000 },
    });

    expect(await resolve(id(1), 'completed')).toMatchObject({ status: 200 });

    expect(stored()).toEqual(before);
    expect(await compare()).toBe('known-difference');
    expect(reviews()).toHaveLength(1);
  });

  it('records an external refund without a gateway call, and both agree', async () => {
    const { compare, resolve, stored, tables, id } = await refundedThere();

    expect(await resolve(id(1), 'reversed')).toMatchObject({ status: 200 });
    expect(await resolve(id(1), 'reversed')).toMatchObject({ status: 200 });

    expect(tables.items<Refund>('Refunds')).toMatchObject([
      { status: 'SUCCEEDED', version: 1, amount: 2_000, lines: [], remainingAmount: 3_000 },
    ]);
    expect(stored()).toMatchObject({ status: 'COMPLETED', refunded: 2_000, refundPending: 0 });
    expect(tables.items('Balances')).toMatchObject([{ available: 2_000, spent: 3_000 }]);
    expect(tables.items('Orders')).toMatchObject([{ status: 'PARTIALLY_REFUNDED' }]);
    expect(await compare()).toBe('consistent');
  });

  it('records nothing that a refund has reserved since the inquiry', async () => {
    const { stored, stores, put, paid, tables } = await refundedThere();
    const { paymentId, orderId, userId, currency } = stored();
    const own = { refundId: 'rfd_gateway', requestHash: 'hash', reason: 'at the dashboard' };
    const refund = createExternalRefund(
      { ...own, paymentId, orderId, userId, currency, amount: 2_000, lines: [] },
      refundSuccess,
    );
    put(aRefund(paid, { amount: 4_000 }).payment);

    expect(await createRecordExternalRefund(stores)(refund, refundSuccess)).toBe(
      'version-conflict',
    );

    expect(stored()).toMatchObject({ refunded: 0, refundPending: 4_000 });
    expect(tables.items('Refunds')).toEqual([]);
  });

  it('rejects recording if the gateway has changed or does not answer', async () => {
    const { resolve, holds, gateway, stored, id } = await refundedThere();
    holds(5_000, 0);

    expect(await resolve(id(1), 'reversed')).toMatchObject({
      status: 409,
      body: { code: 'decision-not-allowed' },
    });
    gateway.says({ inquire: { outcome: 'ambiguous', reason: 'timeout' } });
    expect(await resolve(id(1), 'reversed')).toMatchObject({ status: 503 });

    expect(stored()).toMatchObject({ refunded: 0 });
  });

  it('allows only acceptance if the gateway holds more than the ledger', async () => {
    const { compare, holds, get, resolve, id } = anEndedPayment();
    holds(5_001, 0);
    await compare();

    expect((await get(id(1))).body).toMatchObject({ decisions: ['completed'] });
    expect(await resolve(id(1), 'reversed')).toMatchObject({ status: 409 });
  });
});
