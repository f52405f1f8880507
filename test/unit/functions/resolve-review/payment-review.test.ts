import { describe, expect, it } from 'vitest';
import { operation } from '../../../../functions/resolve-review/operation.ts';
import type { CompensationRecord } from '../../../../shared/domain/compensation/compensation.ts';
import { eventOfChange } from '../../../../shared/domain/outbox/outbox-event.ts';
import type { PaymentTransitionName } from '../../../../shared/domain/payments/payment-transitions.ts';
import type { Decision } from '../../../../shared/domain/reviews/review.ts';
import { flushMetrics } from '../../../../shared/observability/metrics.ts';
import { aBalance, noon } from '../../../support/builders/builders.ts';
import { applyTransition } from '../../../support/builders/payment-history.ts';
import { captureMetrics } from '../../../support/capture-metrics.ts';
import { anOpenReview } from '../review-harness.ts';

const mismatch = ['claimed', 'reviewOpened'] as const;
const incomplete = ['claimed', 'declined', 'reviewOpened'] as const;
const lateCaptured = [
  'claimed',
  'declined',
  'compensated',
  'lateCaptured',
  'reviewOpened',
] as const;

const asReserved = { available: 8_000, held: 2_000, spent: 0, reserved: 2, sold: 0 };

/** An open review of a payment with these compensation records. */
const withRecords = async (
  names: readonly PaymentTransitionName[],
  ...targets: readonly string[]
) => {
  const harness = await anOpenReview(names);
  for (const target of targets) {
    const record: CompensationRecord = {
      paymentId: 'pay_1',
      target,
      delta: 1,
      outcome: 'restored',
      compensatedAt: noon.toISOString(),
    };
    harness.tables.put('Compensations', record);
  }

  return harness;
};

const allTargets = ['STOCK#tea', 'BALANCE#alice', 'ORDER#ord_1'];

describe('resolve payment review', () => {
  it.each<[string, readonly PaymentTransitionName[], object[]]>([
    [
      'records a late final status',
      mismatch,
      [{ withinObjective: 'false', TimeToFinalStatus: 3_600_000 }],
    ],
    ['records no final status if the buyer knew that it failed', incomplete, []],
  ])('%s', async (_what, names, measured) => {
    const { resolve, reviewId } = await withRecords(names, 'STOCK#tea');
    const lines = captureMetrics();

    await resolve(reviewId, 'failed');
    flushMetrics();

    expect(lines.filter((line) => 'TimeToFinalStatus' in line)).toEqual(measured);
  });

  it('settles a completed payment as the charger does', async () => {
    const { resolve, reviewId, payment, order, amounts, review, gateway } =
      await anOpenReview(mismatch);
    gateway.has(5_000);

    const reply = await resolve(reviewId, 'completed', { reason: 'Ticket 4711.' });

    operation.responses[200]?.schema?.parse(reply.body);
    expect(reply).toMatchObject({
      status: 200,
      body: { status: 'RESOLVED', decision: 'completed' },
    });
    expect(payment()).toMatchObject({
      status: 'COMPLETED',
      version: 4,
      pg: { transactionId: 'txn_1' },
    });
    expect(payment().history.at(-1)).toMatchObject({
      gatewayCalls: [{ operation: 'inquire', outcome: 'approved' }],
    });
    expect(order()).toMatchObject({ status: 'COMPLETED', activePaymentId: 'pay_1' });
    expect(amounts()).toEqual({ available: 8_000, held: 0, spent: 2_000, reserved: 0, sold: 2 });
    expect(review()).toMatchObject({
      status: 'RESOLVED',
      decision: 'completed',
      audit: [
        {
          by: 'olivia',
          decision: 'completed',
          reason: 'Ticket 4711.',
          gateway: 'txn_1: captured 5000 KRW, refunded 0',
        },
      ],
    });
  });

  it('fails a payment and leaves the restore to the compensation', async () => {
    const { resolve, reviewId, payment, before, amounts } = await anOpenReview(mismatch);

    expect(await resolve(reviewId, 'failed')).toMatchObject({ status: 200 });

    expect(payment()).toMatchObject({ status: 'FAILED', failure: { code: 'not-paid' } });
    expect(amounts()).toEqual(asReserved);
    expect(eventOfChange({ of: 'payment', before, after: payment() })).toMatchObject({
      name: 'PaymentFailed',
      data: { code: 'not-paid', fromReview: true },
    });
  });

  it('restarts an incomplete compensation', async () => {
    const { resolve, reviewId, payment, tables } = await withRecords(incomplete, 'BALANCE#alice');
    const failure = { code: 'insufficient_funds', reason: 'no funds' };
    tables.put('Payments', { ...payment(), failure });

    expect(await resolve(reviewId, 'failed')).toMatchObject({ status: 200 });

    expect(payment()).toMatchObject({ status: 'FAILED', failure });
  });

  it('reverses a late capture that was refunded manually', async () => {
    const { resolve, reviewId, payment, gateway } = await withRecords(lateCaptured, ...allTargets);
    gateway.has(5_000, 5_000);

    expect(await resolve(reviewId, 'reversed')).toMatchObject({ status: 200 });

    expect(payment()).toMatchObject({ status: 'REVERSED' });
  });

  it.each<[string, readonly PaymentTransitionName[], readonly string[], Decision, string]>([
    ['reversed while it is held', mismatch, [], 'reversed', 'completed, failed'],
    ['reversed while a part is held', lateCaptured, ['STOCK#tea'], 'reversed', 'failed'],
    ['completed although it failed', incomplete, ['STOCK#tea'], 'completed', 'failed'],
    ['failed although all is restored', lateCaptured, allTargets, 'failed', 'reversed'],
  ])('rejects %s', async (_decision, names, targets, decision, allowed) => {
    const { resolve, reviewId, payment, review, amounts } = await withRecords(names, ...targets);
    const [asItWas, open] = [payment(), review()];

    expect(await resolve(reviewId, decision)).toMatchObject({
      status: 409,
      body: { code: 'decision-not-allowed', detail: `Allowed decisions: ${allowed}.` },
    });

    expect(payment()).toEqual(asItWas);
    expect(review()).toEqual(open);
    expect(amounts()).toEqual(asReserved);
  });

  it('completes and records a balance that holds less than the payment', async () => {
    const { resolve, reviewId, payment, tables, review, gateway } = await anOpenReview(mismatch);
    gateway.has(5_000);
    const short = aBalance({ userId: 'alice', available: 8_001, held: 1_999 });
    tables.put('Balances', short);

    expect(await resolve(reviewId, 'completed')).toMatchObject({ status: 200 });

    expect(payment()).toMatchObject({
      status: 'COMPLETED',
      skipped: [{ target: 'BALANCE#alice', delta: 2_000, outcome: 'target-mismatch' }],
    });
    expect(tables.items('Balances')).toEqual([short]);
    expect(review()).toMatchObject({ status: 'RESOLVED', decision: 'completed' });
  });

  it('completes a capture whose order belongs to another payment', async () => {
    const { resolve, reviewId, payment, order, tables, gateway } = await anOpenReview(mismatch);
    gateway.has(5_000);
    const taken = { ...order(), status: 'COMPLETED', activePaymentId: 'pay_2' };
    tables.put('Orders', taken);

    expect(await resolve(reviewId, 'completed')).toMatchObject({ status: 200 });

    expect(payment()).toMatchObject({
      status: 'COMPLETED',
      skipped: [{ outcome: 'target-mismatch' }],
    });
    expect(order()).toEqual(taken);
  });

  it('returns the same answer when repeated, by any operator', async () => {
    const { resolve, reviewId, payment, gateway } = await anOpenReview(mismatch);
    gateway.has(5_000);
    const first = await resolve(reviewId, 'completed');
    expect(first).toMatchObject({ status: 200 });
    const decided = payment();
    gateway.says({ inquire: { outcome: 'ambiguous', reason: 'down' } });

    const again = await resolve(reviewId, 'completed', { by: 'oscar', reason: 'I think so too.' });

    expect(again).toEqual(first);
    expect(payment()).toEqual(decided);
  });

  it('rejects a second, different decision', async () => {
    const { resolve, reviewId, payment, gateway } = await anOpenReview(mismatch);
    gateway.has(5_000);
    await resolve(reviewId, 'completed');

    expect(await resolve(reviewId, 'failed')).toMatchObject({
      status: 409,
      body: { code: 'decision-not-allowed', detail: 'The review was resolved as completed.' },
    });

    expect(payment()).toMatchObject({ status: 'COMPLETED' });
  });

  it('is rejected if the payment has left the review', async () => {
    const { resolve, reviewId, before, tables } = await anOpenReview(mismatch);
    tables.put('Payments', applyTransition(before, 'declined'));

    expect(await resolve(reviewId, 'completed')).toMatchObject({
      status: 409,
      body: { detail: 'The payment or refund has moved on: no decision is allowed.' },
    });
  });

  it.each([
    ['an unknown decision', 'forgotten', 'The gateway confirmed it.'],
    ['no reason', 'failed', '  '],
    ['a reason of nine characters', 'failed', ' too short '],
  ])('rejects a request with %s', async (_fault, decision, reason) => {
    const { resolve, reviewId } = await anOpenReview(mismatch);

    expect(await resolve(reviewId, decision, { reason })).toMatchObject({
      status: 400,
      body: { code: 'invalid-request' },
    });
  });

  it('answers 404 for a missing review', async () => {
    const { resolve } = await anOpenReview(mismatch);

    expect(await resolve('rev_none', 'failed')).toMatchObject({
      status: 404,
      body: { code: 'review-not-found' },
    });
  });

  it('rejects a caller who is not an operator', async () => {
    const { resolve, get, reviewId, payment } = await anOpenReview(mismatch);

    expect(await resolve(reviewId, 'failed', { scope: '' })).toMatchObject({ status: 403 });
    expect(await get(reviewId, 'alice', '')).toMatchObject({ status: 403 });
    expect(payment()).toMatchObject({ status: 'IN_REVIEW' });
  });
});
