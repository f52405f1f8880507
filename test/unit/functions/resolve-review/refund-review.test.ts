import { describe, expect, it } from 'vitest';
import { deriveDifferenceReviewId } from '../../../../shared/domain/ids.ts';
import { createDifferenceReview, type Decision } from '../../../../shared/domain/reviews/review.ts';
import type { RefundInquiryOutcome } from '../../../../shared/gateway/payment-gateway.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import { eventBetween } from '../review-harness.ts';
import { anOpenRefundReview, down, notFound, paid, refused, stored } from './harness.ts';

describe('resolve refund review', () => {
  it('settles a refund that was paid', async () => {
    const { resolve, reviewId, refund, payment, order, amounts, review, gateway } =
      await anOpenRefundReview();
    gateway.says({ inquireRefund: paid });

    expect(await resolve(reviewId, 'completed')).toMatchObject({
      status: 200,
      body: { kind: 'refund', refundId: 'rfd_1', decision: 'completed' },
    });

    expect(refund()).toMatchObject({
      status: 'SUCCEEDED',
      remainingAmount: 2_500,
      pg: { refundId: 'rfn_1' },
    });
    expect(refund()).not.toHaveProperty('failure');
    expect(payment()).toMatchObject({ status: 'COMPLETED', refunded: 3_500, refundPending: 0 });
    expect(payment()).toMatchObject({ gatewayRefunded: 2_500, gatewayRefundPending: 0 });
    expect(order()).toMatchObject({ status: 'PARTIALLY_REFUNDED' });
    expect(amounts()).toMatchObject({ available: 6_000, spent: 0, sold: 1 });
    expect(review()).toMatchObject({
      status: 'RESOLVED',
      audit: [{ by: 'olivia', gateway: 'refunded as rfn_1' }],
    });
  });

  it('makes the amount refundable again if it was not paid', async () => {
    const { resolve, reviewId, refund, payment, amounts, reviewed, gateway } =
      await anOpenRefundReview();
    gateway.has(5_000);
    gateway.says({ inquireRefund: refused });

    expect(await resolve(reviewId, 'failed')).toMatchObject({ status: 200 });

    expect(refund()).toMatchObject({
      status: 'FAILED',
      failure: {
        code: 'not-refunded',
        evidence: `seen; ${reviewId}, olivia: The gateway confirmed it.; the gateway: declined: refund_declined; txn_1: captured 5000 KRW, refunded 0`,
      },
    });
    expect(eventBetween('refund', reviewed, refund())).toMatchObject({
      name: 'RefundFailed',
      data: { code: 'not-refunded', fromReview: true },
    });
    expect(payment()).toMatchObject({ refunded: 0, refundPending: 0, gatewayRefundPending: 0 });
    expect(amounts()).toMatchObject({ available: 5_000, spent: 1_000, sold: 2 });
  });

  it('rejects the decision reversed', async () => {
    const { resolve, reviewId, refund } = await anOpenRefundReview();

    expect(await resolve(reviewId, 'reversed')).toMatchObject({
      status: 409,
      body: { detail: 'Allowed decisions: completed, failed.' },
    });

    expect(refund()).toMatchObject({ status: 'UNDER_REVIEW' });
  });

  it('decides once', async () => {
    const { resolve, reviewId, amounts, gateway } = await anOpenRefundReview();
    gateway.says({ inquireRefund: paid });
    const first = await resolve(reviewId, 'completed');

    expect(await resolve(reviewId, 'completed', { by: 'oscar' })).toEqual(first);
    expect(await resolve(reviewId, 'failed')).toMatchObject({ status: 409 });

    expect(amounts()).toMatchObject({ spent: 0 });
  });
});

describe('resolve refund review after an inquiry', () => {
  it.each<[string, Decision, RefundInquiryOutcome]>([
    ['is down', 'completed', down],
    ['is down', 'failed', down],
    ['returns an unreadable answer', 'failed', { outcome: 'ambiguous', reason: '502' }],
    ['is still processing', 'completed', { outcome: 'in-progress' }],
  ])('decides nothing while the gateway %s: %s', async (_how, decision, answer) => {
    const { resolve, reviewId, refund, review, gateway } = await anOpenRefundReview();
    gateway.says({ inquireRefund: answer });

    expect(await resolve(reviewId, decision)).toMatchObject({
      status: 503,
      headers: { 'retry-after': '10' },
      body: { code: 'temporarily-unavailable' },
    });

    expect(refund()).toMatchObject({ status: 'UNDER_REVIEW' });
    expect(review()).toMatchObject({ status: 'OPEN', audit: [] });
  });

  it('waits out the in-flight window if the gateway does not know the refund', async () => {
    const { resolve, reviewId, gateway } = await anOpenRefundReview({
      updatedAt: later(3_590).toISOString(),
    });
    gateway.has(5_000);

    expect(await resolve(reviewId, 'failed')).toMatchObject({ status: 503 });
    expect(gateway.calls).toEqual(['inquireRefund']);
  });

  it('ignores an excess capture that was refunded before', async () => {
    const { resolve, reviewId, gateway } = await anOpenRefundReview();
    gateway.has(5_001, 1, ['amount: expected 5000, got 5001']);

    expect(await resolve(reviewId, 'completed')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('Refund 2500 at the gateway') },
    });
  });

  it.each([notFound, refused])(
    'decides nothing if the gateway cannot show the charge',
    async (answer) => {
      const { resolve, reviewId, gateway } = await anOpenRefundReview();
      gateway.says({ inquire: { outcome: 'not-found' }, inquireRefund: answer });

      expect(await resolve(reviewId, 'failed')).toMatchObject({ status: 503 });
    },
  );

  it.each<[number, Decision, number]>([
    [2_499, 'failed', 200],
    [2_499, 'completed', 409],
    [2_500, 'failed', 409],
    [2_500, 'completed', 409],
    [3_500, 'completed', 200],
    [3_500, 'failed', 409],
  ])(
    'decides with 1,000 pending and %i refunded beyond the ledger: %s is %i',
    async (refunded, decision, status) => {
      const { resolve, reviewId, gateway, payment, tables } = await anOpenRefundReview();
      const pending = { refundPending: 4_500, gatewayRefundPending: 3_500 };
      tables.put('Payments', { ...payment(), ...pending });
      gateway.has(5_000, refunded);

      expect(await resolve(reviewId, decision)).toMatchObject({ status });
    },
  );

  it.each([0, 1_000])('calls no gateway for %i, all of it to the balance', async (amount) => {
    const { resolve, reviewId, gateway, payment, tables } = await anOpenRefundReview({
      amount,
      gatewayAmount: 0,
    });
    tables.put('Payments', { ...payment(), refundPending: amount, gatewayRefundPending: 0 });

    expect(await resolve(reviewId, 'failed')).toMatchObject({ status: 200 });
    expect(gateway.calls).toEqual([]);
  });

  it('does not offer a decision that the stored outcome contradicts', async () => {
    const { get, reviewId } = await anOpenRefundReview(stored);

    expect(await get(reviewId)).toMatchObject({ body: { decisions: ['completed'] } });
  });
});

it.each<[string, Decision, number, number, object]>([
  ['the accepted difference is not our refund', 'completed', 2_500, 409, {}],
  ['nothing beyond it was refunded', 'failed', 2_500, 200, {}],
  ['as much again was refunded beyond it', 'completed', 5_000, 200, {}],
  ['it agrees again, so it does not count', 'completed', 2_500, 200, { reconciledAt: 'then' }],
  ['it is not accepted yet', 'completed', 2_500, 200, { status: 'OPEN' }],
])(
  'decides with 2,500 refunded externally and not recorded: %s',
  async (_what, decision, refunded, status, given) => {
    const { resolve, reviewId, tables, payment, gateway } = await anOpenRefundReview();
    const difference = { captured: 5_000, refunded: 2_500, booked: 0, pending: 0, amount: -2_500 };
    const id = deriveDifferenceReviewId(payment().paymentId, 1);
    const opened = createDifferenceReview(payment(), difference, {
      reviewId: id,
      openedAt: later(5).toISOString(),
    });
    tables.put('Reviews', { ...opened, status: 'RESOLVED', decision: 'completed', ...given });
    gateway.has(5_000, refunded);
    gateway.says({ inquireRefund: notFound });

    expect(await resolve(reviewId, decision)).toMatchObject({ status });
  },
);
