import { describe, expect, it } from 'vitest';
import { deadLetters } from '../../../simulation/checks/dead-letters.ts';
import { explainedReviews } from '../../../simulation/checks/explained-reviews.ts';
import { openReviews } from '../../../simulation/checks/open-reviews.ts';
import { settled } from '../../../simulation/checks/settled.ts';
import { noon } from '../../../support/builders/builders.ts';
import { cleanRun, compensated, orders, paid, refund, withItems } from './clean-run.ts';
import { problemsAtEnd } from './run-builder.ts';

const inReview = {
  ...paid,
  paymentId: 'pay_review',
  status: 'IN_REVIEW',
  version: 4,
  paymentMethod: 'sim_approve',
};
const review = {
  reviewId: 'rev_1',
  kind: 'payment',
  paymentId: inReview.paymentId,
  version: 4,
  code: 'outcome-unknown',
  status: 'OPEN',
  audit: [],
};
const hour = 3_600_000;

const withReview = (changed: object, payment: object = inReview) =>
  withItems({ Payments: [payment], Refunds: [], Reviews: [{ ...review, ...changed }] });

describe('the check of dead letters', () => {
  const letter = (body: string) => ({
    ...cleanRun,
    deadLetters: [{ queue: 'notify-buyer-dead', body, at: 0 }],
  });
  const event = (data: object) => letter(JSON.stringify({ detail: { data } }));

  it.each([
    ['an event of a payment', event({ paymentId: paid.paymentId })],
    ['an event of a refund', event({ refundId: refund.refundId })],
    ['an event of an order', event({ orderId: paid.orderId })],
    ['a stream record', letter('{"keys":{"paymentId":{"S":"pay_1"}}}')],
  ])('reports %s that is left', async (_, run) => {
    expect(await problemsAtEnd(deadLetters, run)).toContain('notify-buyer-dead still holds');
  });

  it.each([
    ['is not JSON', letter('poison')],
    ['is about nothing', event({ paymentId: 'pay_x' })],
  ])('accepts a message that %s', async (_, run) => {
    expect(await problemsAtEnd(deadLetters, run)).toBe('');
  });
});

describe('the check that everything ends', () => {
  it.each([
    ['a payment is open', withItems({ Payments: [{ ...paid, status: 'UNKNOWN' }] })],
    ['a payment waits', withItems({ Payments: [{ ...paid, status: 'REQUIRES_METHOD' }] })],
    ['a buyer may act', withItems({ Payments: [{ ...paid, status: 'REQUIRES_ACTION' }] })],
    ['a payment is due', withItems({ Payments: [{ ...compensated, dueAt: noon.toISOString() }] })],
    ['a refund is open', withItems({ Refunds: [{ ...refund, status: 'REQUESTED' }] })],
    ['an order is overdue', withItems({ Orders: [{ ...orders[1], dueAt: noon.toISOString() }] })],
    ['a message still waits', { ...cleanRun, settledAt: undefined }],
    ['it took four hours', { ...cleanRun, settledAt: noon.getTime() + 4 * hour }],
  ])('reports that %s', async (_, run) => {
    expect(await problemsAtEnd(settled, run)).not.toBe('');
  });

  it('gives the timings of the cloud eight days', async () => {
    const run = (days: number) => ({
      ...cleanRun,
      stage: 'sandbox' as const,
      settledAt: noon.getTime() + days * 24 * hour,
    });

    expect(await problemsAtEnd(settled, run(7))).toBe('');
    expect(await problemsAtEnd(settled, run(9))).not.toBe('');
  });

  it('accepts a payment that an operator has to decide', async () => {
    expect(await problemsAtEnd(settled, { ...withReview({}), settledAt: undefined })).toBe('');
  });
});

describe('the check of open reviews', () => {
  it('accepts the review of a payment under review', async () => {
    expect(await problemsAtEnd(openReviews, withReview({}))).toBe('');
  });

  it.each([
    ['without review', { status: 'RESOLVED', decision: 'failed', audit: [{ decision: 'failed' }] }],
    ['without review', { version: 3 }],
    ['is about nothing', { paymentId: 'pay_x' }],
    ['has 2 decisions', { status: 'RESOLVED', decision: 'failed', audit: [{}, {}] }],
    ['is open and has a decision', { audit: [{}] }],
  ])('reports a review: %s', async (problem, changed) => {
    expect(await problemsAtEnd(openReviews, withReview(changed))).toContain(problem);
  });

  const movedOn = withReview({}, { ...inReview, status: 'COMPLETED', version: 5 });

  it('reports a review that stays open after its payment has moved on', async () => {
    expect(await problemsAtEnd(openReviews, movedOn)).toContain('is COMPLETED in version 5');
  });

  it('accepts it if a fault lost the event that closes it', async () => {
    const run = {
      ...movedOn,
      lostEvents: [{ id: 'pay_review-5', target: 'CloseReviewConsumer/Queue' }],
    };

    expect(await problemsAtEnd(openReviews, run)).toBe('');
  });

  it('expects the review of a difference at an ended payment', async () => {
    const kind = { kind: 'gateway-difference' };
    const ended = { ...inReview, status: 'COMPLETED' };

    expect(await problemsAtEnd(openReviews, withReview(kind, ended))).toBe('');
    expect(
      await problemsAtEnd(openReviews, withReview(kind, { ...ended, status: 'FAILED' })),
    ).toContain('rev_1');
  });
});

describe('the check of causes of reviews', () => {
  it.each([
    ['payment', 'outcome-unknown'],
    ['payment', 'compensation-incomplete'],
    ['payment', 'pg-mismatch'],
    ['payment', 'refunded-at-gateway'],
    ['payment', 'refund-unconfirmed'],
    ['payment', 'ledger-mismatch'],
    ['refund', 'outcome-unknown'],
    ['refund', 'cancel-refund-declined'],
    ['gateway-difference', 'gateway-difference'],
    ['event', 'event-not-built'],
  ])('reports a review of kind %s with code %s in a run without faults', async (kind, code) => {
    expect(await problemsAtEnd(explainedReviews, withReview({ kind, code }))).toContain(
      `nothing explains rev_1 (${kind}, ${code})`,
    );
  });

  it.each([
    ['outcome-unknown', ['gatewayRefused inquire-payment gateway:GET /charges']],
    ['outcome-unknown', ['slow inquire-payment gateway:GET /charges']],
    ['compensation-incomplete', ['crashAfter restore-stock dynamodb:TransactWrite']],
    ['compensation-incomplete', ['storm table Balances']],
  ])('explains %s by the fault %s', async (code, taken) => {
    expect(await problemsAtEnd(explainedReviews, { ...withReview({ code }), taken })).toBe('');
  });

  it('does not explain a review by a fault of another kind', async () => {
    const taken = ['crashAfter notify-buyer receiver:Post', 'storm receivers'];
    const run = { ...withReview({ code: 'outcome-unknown' }), taken };

    expect(await problemsAtEnd(explainedReviews, run)).toContain('nothing explains');
  });

  it.each([
    ['payment', 'pg-mismatch', 'sim_wrong_amount'],
    ['refund', 'cancel-refund-declined', 'sim_refund_decline'],
    ['gateway-difference', 'gateway-difference', 'sim_refund_fails_later'],
  ])('explains %s %s by the payment method %s', async (kind, code, paymentMethod) => {
    const run = withReview({ kind, code }, { ...inReview, paymentMethod });

    expect(await problemsAtEnd(explainedReviews, run)).toBe('');
  });

  it.each([
    ['local', true],
    ['sandbox', false],
  ] as const)(
    'explains a confirmation that Toss waits for longer than the stage %s: %s',
    async (stage, isExplained) => {
      const run = { ...withReview({ code: 'outcome-unknown' }), adapter: 'toss' as const, stage };

      expect((await problemsAtEnd(explainedReviews, run)) === '').toBe(isExplained);
    },
  );

  it('explains a difference by a refund that was made by hand', async () => {
    const code = { kind: 'gateway-difference', code: 'gateway-difference' };
    const run = { ...withReview(code), charges: { [inReview.paymentId]: { refunds: [500] } } };

    expect(await problemsAtEnd(explainedReviews, run)).toBe('');
  });
});
