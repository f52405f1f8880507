import { describe, expect, it } from 'vitest';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import type { PaymentTransitionName } from '../../../../shared/domain/payments/payment-transitions.ts';
import type { Decision } from '../../../../shared/domain/reviews/review.ts';
import type { InquiryOutcome } from '../../../../shared/gateway/payment-gateway.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import { anOpenReview } from '../review-harness.ts';

const mismatch = ['claimed', 'reviewOpened'] as const;
const unknown = ['claimed', 'outcomeUnknown', 'reviewOpened'] as const;
const incomplete = ['claimed', 'declined', 'reviewOpened'] as const;
const lateCaptured = [
  'claimed',
  'declined',
  'compensated',
  'lateCaptured',
  'reviewOpened',
] as const;
const pg = { transactionId: 'txn_1', approvedAt: later(2).toISOString() };

/** An open review of 5,000 KRW, and a gateway that has captured and refunded so much. */
const openReviewWithGateway = async (
  [captured, refunded]: readonly [captured: number, refunded: number],
  names: readonly PaymentTransitionName[] = mismatch,
  given: Partial<Payment> = {},
) => {
  const harness = await anOpenReview(names, given);
  const difference = `amount: expected 5000, got ${captured}`;
  harness.gateway.has(captured, refunded, captured === 5_000 ? [] : [difference]);

  return harness;
};

const recordAllCompensations = ({ tables }: Awaited<ReturnType<typeof anOpenReview>>) => {
  for (const target of ['STOCK#tea', 'BALANCE#alice', 'ORDER#ord_1'])
    tables.put('Compensations', { paymentId: 'pay_1', target });
};

const down: InquiryOutcome = { outcome: 'not-sent', reason: 'ECONNREFUSED' };

describe('a decision on a payment that the gateway contradicts', () => {
  it.each<[string, readonly [number, number], Decision, string]>([
    [
      'completed with one too many',
      [5_001, 0],
      'completed',
      'The gateway has captured 5001 KRW and refunded 0: 5001 is left, and 5000 should be. To go on, refund 1 there and resolve as completed, or refund 5001 there and resolve as failed.',
    ],
    [
      'completed with one too few',
      [4_999, 0],
      'completed',
      'The gateway has captured 4999 KRW and refunded 0: 4999 is left, and 5000 should be. To go on, refund 4999 there and resolve as failed.',
    ],
    [
      'completed after it was refunded in part',
      [5_000, 2_000],
      'completed',
      'The gateway has captured 5000 KRW and refunded 2000: 3000 is left, and 5000 should be. To go on, refund 3000 there and resolve as failed.',
    ],
    [
      'completed after all of it was refunded',
      [5_000, 5_000],
      'completed',
      'The gateway has captured 5000 KRW and refunded 5000: 0 is left, and 5000 should be. To go on, resolve as failed.',
    ],
    [
      'failed while it is there',
      [5_000, 0],
      'failed',
      'The gateway has captured 5000 KRW and refunded 0: 5000 is left. Refund 5000 there, then resolve as failed.',
    ],
    [
      'failed while one is left of it',
      [5_001, 5_000],
      'failed',
      'The gateway has captured 5001 KRW and refunded 5000: 1 is left. Refund 1 there, then resolve as failed.',
    ],
  ])('rejects the decision with the next steps: %s', async (_what, amounts, decision, detail) => {
    const { resolve, reviewId, payment, review, books } = await openReviewWithGateway(amounts);
    const [asItWas, held] = [payment(), books()];

    expect(await resolve(reviewId, decision)).toMatchObject({
      status: 409,
      body: { code: 'decision-not-allowed', detail },
    });

    expect(payment()).toEqual(asItWas);
    expect(books()).toEqual(held);
    expect(review()).toMatchObject({ status: 'OPEN', audit: [] });
  });

  it('completed in another currency is refused, whatever is left of it', async () => {
    const { resolve, reviewId, gateway } = await anOpenReview(mismatch);
    gateway.has(5_000, 0, ['currency: expected KRW, got USD']);

    expect(await resolve(reviewId, 'completed')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('currency: expected KRW, got USD') },
    });
  });

  it('completed of which it has nothing is refused', async () => {
    const { resolve, reviewId, gateway } = await anOpenReview(unknown);

    expect(await resolve(reviewId, 'completed')).toMatchObject({ status: 409 });
    // To look is enough: nothing is closed on the way to a payment that may be completed.
    expect(gateway.asked).toEqual(['inquire']);
  });

  it('reversed while any of it is left is refused', async () => {
    const harness = await openReviewWithGateway([5_000, 4_000], lateCaptured, { pg });
    recordAllCompensations(harness);

    expect(await harness.resolve(harness.reviewId, 'reversed')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('Refund 1000 there, then resolve as reversed.') },
    });
    expect(harness.payment()).toMatchObject({ status: 'IN_REVIEW' });
  });

  it.each<[string, InquiryOutcome]>([
    ['knows it no more', { outcome: 'not-found' }],
    ['is down', down],
  ])('failed, although a capture is stored, is refused while it %s', async (_how, inquire) => {
    const { resolve, reviewId, gateway } = await anOpenReview(mismatch, { pg });
    gateway.says({ inquire });

    expect(await resolve(reviewId, 'failed')).toMatchObject({
      status: 409,
      body: { code: 'decision-not-allowed', detail: expect.stringContaining('txn_1') },
    });
  });
});

describe('a decision on a payment that the gateway bears out', () => {
  it.each<[string, readonly [number, number], Decision]>([
    ['completed, the difference refunded there', [5_001, 1], 'completed'],
    ['completed, as it was asked for', [5_000, 0], 'completed'],
    ['failed, all of it refunded there', [5_001, 5_001], 'failed'],
  ])('%s is made', async (_what, amounts, decision) => {
    const { resolve, reviewId, payment, review } = await openReviewWithGateway(amounts);

    expect(await resolve(reviewId, decision)).toMatchObject({ status: 200 });

    expect(payment().status).toBe(decision === 'completed' ? 'COMPLETED' : 'FAILED');
    expect(review().audit).toMatchObject([
      { gateway: `txn_1: captured ${amounts[0]} KRW, refunded ${amounts[1]}` },
    ]);
  });

  it('failed after a documented refusal is made, and keeps it as evidence', async () => {
    const { resolve, reviewId, gateway, payment } = await anOpenReview(unknown);
    gateway.says({ inquire: { outcome: 'declined', code: 'insufficient_funds', reason: 'no' } });

    expect(await resolve(reviewId, 'failed')).toMatchObject({ status: 200 });
    expect(payment().failure?.evidence).toContain('the gateway: declined: insufficient_funds');
  });

  it('failed is made where the gateway never had it, once its reference is closed', async () => {
    const { resolve, reviewId, gateway, payment } = await anOpenReview(unknown);

    expect(await resolve(reviewId, 'failed')).toMatchObject({ status: 200 });

    expect(gateway.asked).toEqual(['inquire', 'cancel', 'inquire']);
    expect(payment()).toMatchObject({ status: 'FAILED' });
    expect(payment().failure?.evidence).toContain('not found again');
    expect(payment().history.at(-1)?.gatewayCalls).toHaveLength(3);
  });

  it('reversed of a late capture that is refunded there is made', async () => {
    const harness = await openReviewWithGateway([5_000, 5_000], lateCaptured, { pg });
    recordAllCompensations(harness);

    expect(await harness.resolve(harness.reviewId, 'reversed')).toMatchObject({ status: 200 });
    expect(harness.payment()).toMatchObject({ status: 'REVERSED' });
  });

  it.each<[string, Partial<Payment>, readonly PaymentTransitionName[]]>([
    ['has no amount', { amount: 0, reservation: { balance: 0, lines: [] } }, mismatch],
    ['was never sent', {}, ['holdReleased', 'reviewOpened']],
  ])('failed is made without the gateway where it %s', async (_what, given, names) => {
    const { resolve, reviewId, gateway } = await anOpenReview(names, given);
    gateway.says({ inquire: down });

    expect(await resolve(reviewId, 'failed')).toMatchObject({ status: 200 });
    expect(gateway.asked).toEqual([]);
  });

  it('failed of a compensation that was not complete goes on, and a capture that shows is refunded later', async () => {
    const { resolve, reviewId, payment } = await openReviewWithGateway([5_000, 0], incomplete);

    expect(await resolve(reviewId, 'failed')).toMatchObject({ status: 200 });

    expect(payment()).toMatchObject({
      status: 'FAILED',
      lateCaptureCheck: { count: 0, nextAt: later(3_610).toISOString() },
    });
  });
});

describe('a decision on a payment while the gateway', () => {
  it.each<[string, readonly PaymentTransitionName[], Decision, InquiryOutcome]>([
    ['is down', mismatch, 'completed', down],
    ['is down', mismatch, 'failed', down],
    ['is down', incomplete, 'failed', down],
    ['answers what cannot be read', mismatch, 'failed', { outcome: 'ambiguous', reason: '502' }],
    ['is still at it', unknown, 'failed', { outcome: 'in-progress' }],
    ['is still at it', unknown, 'completed', { outcome: 'in-progress' }],
    [
      'does not say what is left',
      mismatch,
      'completed',
      { outcome: 'approved', ...pg, captured: 5_000 },
    ],
  ])('%s decides nothing (%j: %s)', async (_how, names, decision, inquire) => {
    const { resolve, reviewId, gateway, payment, review } = await anOpenReview(names);
    gateway.says({ inquire });
    const asItWas = payment();

    expect(await resolve(reviewId, decision)).toMatchObject({
      status: 503,
      headers: { 'retry-after': '10' },
      body: {
        code: 'temporarily-unavailable',
        detail: expect.stringContaining('Nothing is decided'),
      },
    });

    expect(payment()).toEqual(asItWas);
    expect(review()).toMatchObject({ status: 'OPEN', audit: [] });
  });

  it('may still have it on its way decides nothing', async () => {
    const { resolve, reviewId, gateway, payment, tables } = await anOpenReview(unknown);
    const at = later(3_590).toISOString();
    const history = payment().history.map((entry) => ({ ...entry, at }));
    tables.put('Payments', { ...payment(), history });

    expect(await resolve(reviewId, 'failed')).toMatchObject({ status: 503 });
    expect(gateway.asked).toEqual(['inquire']);
  });

  it('can neither close its reference nor find it decides nothing', async () => {
    const { resolve, reviewId, gateway } = await anOpenReview(unknown);
    gateway.says({ cancel: { outcome: 'ambiguous', reason: '502' } });

    expect(await resolve(reviewId, 'failed')).toMatchObject({ status: 503 });
  });
});
