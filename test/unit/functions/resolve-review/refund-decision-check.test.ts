import { describe, expect, it } from 'vitest';
import type { Refund } from '../../../../shared/domain/refunds/refund.ts';
import type { Decision } from '../../../../shared/domain/reviews/review.ts';
import type { RefundInquiryOutcome } from '../../../../shared/gateway/payment-gateway.ts';
import { anOpenRefundReview, down, notFound, paid, refused, stored } from './harness.ts';

describe('refund decision that contradicts', () => {
  it.each<[string, Decision, Partial<Refund>, RefundInquiryOutcome, number, string]>([
    ['the gateway, which has paid', 'failed', {}, paid, 2_500, 'has refunded it'],
    ['the gateway, which has declined', 'completed', {}, refused, 0, 'has declined this refund'],
    [
      'the gateway, which is processing',
      'failed',
      {},
      { outcome: 'in-progress' },
      0,
      'still processing',
    ],
    [
      'the stored outcome, with an expired key',
      'failed',
      stored,
      notFound,
      0,
      'refunded by the gateway (rfn_1)',
    ],
    [
      'the stored outcome, with the gateway down',
      'failed',
      stored,
      down,
      0,
      'refunded by the gateway (rfn_1)',
    ],
    [
      'the refunds of the charge',
      'failed',
      {},
      notFound,
      2_500,
      '2500 KRW of refunds that are not recorded',
    ],
    ['a manual refund of a declined one', 'failed', {}, refused, 2_500, 'This refund is included'],
    [
      'an amount missing at the gateway',
      'completed',
      {},
      notFound,
      0,
      'Refund 2500 at the gateway',
    ],
    [
      'an amount partly missing at the gateway',
      'completed',
      {},
      notFound,
      1_000,
      'Refund 1500 at the gateway',
    ],
  ])(
    'rejects a contradiction with %s',
    async (_what, decision, given, answer, refunded, detail) => {
      const { resolve, reviewId, refund, review, amounts, gateway } =
        await anOpenRefundReview(given);
      gateway.has(5_000, refunded);
      gateway.says({ inquireRefund: answer });
      const asItWas = amounts();

      expect(await resolve(reviewId, decision)).toMatchObject({
        status: 409,
        body: { code: 'decision-not-allowed', detail: expect.stringContaining(detail) },
      });

      expect(refund()).toMatchObject({ status: 'UNDER_REVIEW' });
      expect(review()).toMatchObject({ status: 'OPEN', audit: [] });
      expect(amounts()).toEqual(asItWas);
    },
  );

  it.each<[string, Decision, Partial<Refund>, RefundInquiryOutcome, number]>([
    ['paid as stored, with the gateway down', 'completed', stored, down, 0],
    ['paid as stored, with an expired key', 'completed', stored, notFound, 2_500],
    ['not paid although stored: declined later', 'failed', stored, refused, 0],
    ['paid under another key or manually', 'completed', {}, notFound, 2_500],
    ['paid manually after a decline', 'completed', {}, refused, 2_500],
    ['not paid: unknown key and nothing refunded', 'failed', {}, notFound, 0],
    ['not paid: unknown key and less refunded', 'failed', {}, notFound, 2_499],
  ])('accepts without a contradiction: %s', async (_what, decision, given, answer, refunded) => {
    const { resolve, reviewId, refund, gateway } = await anOpenRefundReview(given);
    gateway.has(5_000, refunded);
    gateway.says({ inquireRefund: answer });

    expect(await resolve(reviewId, decision)).toMatchObject({ status: 200 });

    expect(refund().status).toBe(decision === 'completed' ? 'SUCCEEDED' : 'FAILED');
  });
});
