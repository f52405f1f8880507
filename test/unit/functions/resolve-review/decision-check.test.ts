import { describe, expect, it } from 'vitest';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import type { PaymentTransitionName } from '../../../../shared/domain/payments/payment-transitions.ts';
import type { Decision } from '../../../../shared/domain/reviews/review.ts';
import type { InquiryOutcome } from '../../../../shared/gateway/payment-gateway.ts';
import { declined } from '../../../support/builders/gateway-outcomes.ts';
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

/** An open review of 7,000 KRW, 5,000 of them by the gateway, and a gateway with these captured and refunded amounts. */
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

describe('decision that the gateway contradicts', () => {
  it.each<[string, readonly [number, number], Decision, string]>([
    [
      'completed with 1 too much',
      [5_001, 0],
      'completed',
      'The gateway has captured 5001 KRW and refunded 0: 5001 remains, but 5000 is expected. To continue, refund 1 at the gateway and resolve as completed, or refund 5001 at the gateway and resolve as failed.',
    ],
    [
      'completed with 1 too little',
      [4_999, 0],
      'completed',
      'The gateway has captured 4999 KRW and refunded 0: 4999 remains, but 5000 is expected. To continue, refund 4999 at the gateway and resolve as failed.',
    ],
    [
      'completed after it was refunded in part',
      [5_000, 2_000],
      'completed',
      'The gateway has captured 5000 KRW and refunded 2000: 3000 remains, but 5000 is expected. To continue, refund 3000 at the gateway and resolve as failed.',
    ],
    [
      'completed after all of it was refunded',
      [5_000, 5_000],
      'completed',
      'The gateway has captured 5000 KRW and refunded 5000: 0 remains, but 5000 is expected. To continue, resolve as failed.',
    ],
    [
      'failed while it is there',
      [5_000, 0],
      'failed',
      'The gateway has captured 5000 KRW and refunded 0: 5000 remains. Refund 5000 at the gateway, then resolve as failed.',
    ],
    [
      'failed while one is left of it',
      [5_001, 5_000],
      'failed',
      'The gateway has captured 5001 KRW and refunded 5000: 1 remains. Refund 1 at the gateway, then resolve as failed.',
    ],
  ])(
    'rejects the decision with the next steps: %s',
    async (_what, gatewayAmounts, decision, detail) => {
      const { resolve, reviewId, payment, review, amounts } =
        await openReviewWithGateway(gatewayAmounts);
      const [asItWas, held] = [payment(), amounts()];

      expect(await resolve(reviewId, decision)).toMatchObject({
        status: 409,
        body: { code: 'decision-not-allowed', detail },
      });

      expect(payment()).toEqual(asItWas);
      expect(amounts()).toEqual(held);
      expect(review()).toMatchObject({ status: 'OPEN', audit: [] });
    },
  );

  it('rejects completed in another currency', async () => {
    const { resolve, reviewId, gateway } = await anOpenReview(mismatch);
    gateway.has(5_000, 0, ['currency: expected KRW, got USD']);

    expect(await resolve(reviewId, 'completed')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('currency: expected KRW, got USD') },
    });
  });

  it('rejects completed if the gateway has no charge', async () => {
    const { resolve, reviewId, gateway } = await anOpenReview(unknown);

    expect(await resolve(reviewId, 'completed')).toMatchObject({ status: 409 });
    // An inquiry is enough: a payment that may be completed must not be cancelled.
    expect(gateway.calls).toEqual(['inquire']);
  });

  it('rejects reversed while an amount remains', async () => {
    const harness = await openReviewWithGateway([5_000, 4_000], lateCaptured, { pg });
    recordAllCompensations(harness);

    expect(await harness.resolve(harness.reviewId, 'reversed')).toMatchObject({
      status: 409,
      body: {
        detail: expect.stringContaining('Refund 1000 at the gateway, then resolve as reversed.'),
      },
    });
    expect(harness.payment()).toMatchObject({ status: 'IN_REVIEW' });
  });

  it.each<[string, InquiryOutcome]>([
    ['does not find it', { outcome: 'not-found' }],
    ['is down', down],
  ])('rejects failed for a stored capture while the gateway %s', async (_how, inquire) => {
    const { resolve, reviewId, gateway } = await anOpenReview(mismatch, { pg });
    gateway.says({ inquire });

    expect(await resolve(reviewId, 'failed')).toMatchObject({
      status: 409,
      body: { code: 'decision-not-allowed', detail: expect.stringContaining('txn_1') },
    });
  });
});

describe('decision that the gateway confirms', () => {
  it.each<[string, readonly [number, number], Decision]>([
    ['completed after the difference was refunded', [5_001, 1], 'completed'],
    ['completed as requested', [5_000, 0], 'completed'],
    ['failed after all of it was refunded', [5_001, 5_001], 'failed'],
  ])('accepts %s', async (_what, amounts, decision) => {
    const { resolve, reviewId, payment, review } = await openReviewWithGateway(amounts);

    expect(await resolve(reviewId, decision)).toMatchObject({ status: 200 });

    expect(payment().status).toBe(decision === 'completed' ? 'COMPLETED' : 'FAILED');
    expect(review().audit).toMatchObject([
      { gateway: `txn_1: captured ${amounts[0]} KRW, refunded ${amounts[1]}` },
    ]);
  });

  it('accepts failed after a documented decline and stores the evidence', async () => {
    const { resolve, reviewId, gateway, payment } = await anOpenReview(unknown);
    gateway.says({ inquire: declined });

    expect(await resolve(reviewId, 'failed')).toMatchObject({ status: 200 });
    expect(payment().failure?.evidence).toContain('the gateway: declined: insufficient_funds');
  });

  it('accepts failed without a charge once the reference is closed', async () => {
    const { resolve, reviewId, gateway, payment } = await anOpenReview(unknown);

    expect(await resolve(reviewId, 'failed')).toMatchObject({ status: 200 });

    expect(gateway.calls).toEqual(['inquire', 'cancel', 'inquire']);
    expect(payment()).toMatchObject({ status: 'FAILED' });
    expect(payment().failure?.evidence).toContain('not found again');
    expect(payment().history.at(-1)?.gatewayCalls).toHaveLength(3);
  });

  it('accepts reversed of a late capture that was refunded', async () => {
    const harness = await openReviewWithGateway([5_000, 5_000], lateCaptured, { pg });
    recordAllCompensations(harness);

    expect(await harness.resolve(harness.reviewId, 'reversed')).toMatchObject({ status: 200 });
    expect(harness.payment()).toMatchObject({ status: 'REVERSED' });
  });

  it.each<[string, Partial<Payment>, readonly PaymentTransitionName[]]>([
    ['has no amount', { amount: 0, gatewayAmount: 0 }, mismatch],
    ['was paid from the balance alone', { amount: 2_000, gatewayAmount: 0 }, mismatch],
    ['was never sent', {}, ['holdReleased', 'reviewOpened']],
  ])('accepts failed without a gateway call if the payment %s', async (_what, given, names) => {
    const { resolve, reviewId, gateway } = await anOpenReview(names, given);
    gateway.says({ inquire: down });

    expect(await resolve(reviewId, 'failed')).toMatchObject({ status: 200 });
    expect(gateway.calls).toEqual([]);
  });

  it('accepts failed of an incomplete compensation and refunds a capture later', async () => {
    const { resolve, reviewId, payment } = await openReviewWithGateway([5_000, 0], incomplete);

    expect(await resolve(reviewId, 'failed')).toMatchObject({ status: 200 });

    expect(payment()).toMatchObject({
      status: 'FAILED',
      lateCaptureCheck: { count: 0, nextAt: later(3_610).toISOString() },
    });
  });
});

const waiting = { outcome: 'requires-action', url: 'https://bank.example/challenge' } as const;

describe('decision with an inconclusive gateway', () => {
  it.each<[string, readonly PaymentTransitionName[], Decision, InquiryOutcome]>([
    ['is down', mismatch, 'completed', down],
    ['is down', mismatch, 'failed', down],
    ['is down', incomplete, 'failed', down],
    ['returns an unreadable answer', mismatch, 'failed', { outcome: 'ambiguous', reason: '502' }],
    ['is still processing', unknown, 'failed', { outcome: 'in-progress' }],
    ['is still processing', unknown, 'completed', { outcome: 'in-progress' }],
    ['waits for the buyer', unknown, 'failed', waiting],
    ['waits for the buyer', unknown, 'completed', waiting],
    [
      'does not report the remaining amount',
      mismatch,
      'completed',
      { outcome: 'approved', ...pg, captured: 5_000 },
    ],
  ])('decides nothing if it %s (%j: %s)', async (_how, names, decision, inquire) => {
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

  it.each<[Decision, readonly string[]]>([
    ['failed', ['inquire', 'cancel', 'inquire']],
    ['completed', ['inquire']],
  ])('cancels a charge that waits for its buyer only if it decides %s', async (decision, calls) => {
    const { resolve, reviewId, gateway, payment, tables } = await anOpenReview(unknown);
    gateway.says({ inquire: waiting });
    // Its buyer may still act.
    const at = later(3_590).toISOString();
    const history = payment().history.map((entry) => ({ ...entry, at }));
    tables.put('Payments', { ...payment(), history });

    await resolve(reviewId, decision);

    expect(gateway.calls).toEqual(calls);
  });

  it('decides nothing while the charge may be in flight', async () => {
    const { resolve, reviewId, gateway, payment, tables } = await anOpenReview(unknown);
    const at = later(3_590).toISOString();
    const history = payment().history.map((entry) => ({ ...entry, at }));
    tables.put('Payments', { ...payment(), history });

    expect(await resolve(reviewId, 'failed')).toMatchObject({ status: 503 });
    expect(gateway.calls).toEqual(['inquire']);
  });

  it('decides nothing if it can neither find the charge nor close its reference', async () => {
    const { resolve, reviewId, gateway } = await anOpenReview(unknown);
    gateway.says({ cancel: { outcome: 'ambiguous', reason: '502' } });

    expect(await resolve(reviewId, 'failed')).toMatchObject({ status: 503 });
  });
});
