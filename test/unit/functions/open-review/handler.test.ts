import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../../../shared/domain/events/domain-event.ts';
import type { subscriptions } from '../../../../shared/domain/events/subscriptions.ts';
import { deriveReviewId } from '../../../../shared/domain/ids.ts';
import { transitionRefund } from '../../../../shared/domain/refunds/refund.ts';
import { applyRefundFailure } from '../../../../shared/domain/refunds/refund-settlement.ts';
import { noon } from '../../../support/builders/builders.ts';
import { applyTransition } from '../../../support/builders/payment-history.ts';
import {
  aPaidOrder,
  aRefund,
  later,
  refundFailure,
} from '../../../support/builders/refund-generators.ts';
import {
  anOpenReview,
  aReviewedPayment,
  createReviewHarness,
  eventBetween,
} from '../review-harness.ts';

type ClosingEvent = DomainEvent<(typeof subscriptions)['close-review'][number]>;

const mismatch = ['claimed', 'reviewOpened'] as const;

/** A refund with an unknown outcome. */
const aReviewedRefund = () => {
  const harness = createReviewHarness();
  const { payment, refund } = aRefund(aPaidOrder({ userId: 'alice' }), { amount: 1_000 }, 'rfd_1');
  const reviewed = transitionRefund(refund, 'reviewOpened', {
    at: later(20),
    by: 'test',
    change: { failure: { code: 'outcome-unknown', reason: 'unknown' } },
  });
  harness.tables.put('Payments', payment);
  harness.tables.put('Refunds', reviewed);
  const opened: DomainEvent<'RefundReviewOpened'> = eventBetween('refund', refund, reviewed);

  return { ...harness, opened, payment, reviewed };
};

describe('open review and close review', () => {
  it('opens a review with the amount at risk and the reason', async () => {
    const { open, opened, review } = await aReviewedPayment(mismatch);

    expect(await open(opened)).toMatchObject({ outcome: 'opened', paymentId: 'pay_1' });

    expect(review()).toEqual({
      reviewId: deriveReviewId('pay_1', 3),
      kind: 'payment',
      paymentId: 'pay_1',
      orderId: 'ord_1',
      userId: 'alice',
      version: 3,
      code: 'mismatch',
      amountAtRisk: 7_000,
      currency: 'KRW',
      status: 'OPEN',
      openedAt: opened.time,
      audit: [],
    });
  });

  it('has only the part of the gateway at risk if the refund of a late capture is not confirmed', async () => {
    const { open, opened, review } = await aReviewedPayment([
      'claimed',
      'declined',
      'compensated',
      'lateCaptured',
      'reviewOpened',
    ]);

    await open(opened);

    expect(review()).toMatchObject({ code: 'refund-unconfirmed', amountAtRisk: 5_000 });
  });

  it('opens a review of a refund', async () => {
    const { open, opened, review } = aReviewedRefund();

    expect(await open(opened)).toMatchObject({ outcome: 'opened' });

    expect(review()).toMatchObject({
      reviewId: deriveReviewId('rfd_1', 2),
      kind: 'refund',
      refundId: 'rfd_1',
      version: 2,
      code: 'outcome-unknown',
      amountAtRisk: 1_000,
    });
  });

  it('opens one review for any number of deliveries', async () => {
    const { open, opened, review, resolve } = await aReviewedPayment(mismatch);
    await open(opened);
    await resolve(review().reviewId, 'failed');
    const decided = review();

    expect(await open(opened)).toMatchObject({ outcome: 'duplicate' });

    expect(review()).toEqual(decided);
  });

  it('removes the payment from the due index and changes nothing else', async () => {
    const { open, opened, before, payment } = await aReviewedPayment(mismatch);
    expect(before).toMatchObject({ status: 'IN_REVIEW', dueAt: expect.any(String) });

    await open(opened);

    const { dueAt, dueShard, ...rest } = before;
    expect(payment()).toEqual(rest);
  });

  it('removes the refund from the due index', async () => {
    const { open, opened, reviewed, refund } = aReviewedRefund();
    expect(reviewed).toMatchObject({ status: 'UNDER_REVIEW', dueAt: expect.any(String) });

    await open(opened);

    const { dueAt, dueShard, ...rest } = reviewed;
    expect(refund()).toEqual(rest);
  });

  it('removes a due payment from the index if its review exists', async () => {
    const { open, opened, before, payment, tables } = await aReviewedPayment(mismatch);
    await open(opened);
    tables.put('Payments', before);

    expect(await open(opened)).toMatchObject({ outcome: 'duplicate' });

    expect(payment()).not.toHaveProperty('dueAt');
  });

  it('opens no review if nothing is left to decide', async () => {
    const { open, opened, tables, before } = await aReviewedPayment(mismatch);
    tables.put('Payments', applyTransition(before, 'declined'));

    expect(await open(opened)).toMatchObject({ outcome: 'version-conflict' });

    expect(tables.items('Reviews')).toEqual([]);
  });

  it.each([
    ['captured', mismatch, 'completed'],
    ['declined', mismatch, 'failed'],
    ['compensated', ['holdReleased', 'reviewOpened'], 'failed'],
    ['reversed', ['holdReleased', 'compensated', 'lateCaptured', 'reviewOpened'], 'reversed'],
  ] as const)(
    'closes the review when the payment is %s without an operator',
    async (transition, names, decision) => {
      const { close, before, review } = await anOpenReview(names);
      const after = applyTransition(before, transition);
      const event: ClosingEvent = eventBetween('payment', before, after);

      expect(event.data).toMatchObject({ fromReview: true });
      expect(await close(event)).toMatchObject({ outcome: 'closed', paymentId: 'pay_1' });

      expect(review()).toMatchObject({
        status: 'RESOLVED',
        decision,
        audit: [{ at: after.updatedAt, by: 'close-review', decision }],
      });
    },
  );

  it('closes the review of a refund that moved on', async () => {
    const { open, opened, close, payment, reviewed, review } = aReviewedRefund();
    await open(opened);
    const after = applyRefundFailure({ payment, refund: reviewed }, refundFailure);
    const event: ClosingEvent = eventBetween('refund', reviewed, after.refund);

    expect(event.data).toMatchObject({ fromReview: true });
    expect(await close(event)).toMatchObject({ outcome: 'closed' });

    expect(review()).toMatchObject({ status: 'RESOLVED', decision: 'failed' });
  });

  it('keeps a review that an operator resolved', async () => {
    const { close, before, review, reviewId, resolve, payment } = await anOpenReview(mismatch);
    await resolve(reviewId, 'failed');
    const decided = review();
    const event: ClosingEvent = eventBetween('payment', before, payment());

    expect(await close(event)).toMatchObject({ outcome: 'no-open-review' });

    expect(review()).toEqual(decided);
  });

  it('creates no review when it closes a missing one', async () => {
    const { close, before, tables } = await aReviewedPayment(mismatch);

    const outcome = await close(
      eventBetween('payment', before, applyTransition(before, 'declined')),
    );

    expect(outcome).toMatchObject({ outcome: 'no-open-review' });
    expect(tables.items('Reviews')).toEqual([]);
  });

  it('adds no fromReview to the events of a payment without a review', async () => {
    const { before } = await aReviewedPayment(mismatch);
    const claimed = { ...before, status: 'CHARGING' } as const;

    const event: ClosingEvent = eventBetween(
      'payment',
      claimed,
      applyTransition(claimed, 'captured'),
    );

    expect(event.data).not.toHaveProperty('fromReview');
    expect(noon.getTime()).toBeLessThan(Date.parse(event.time));
  });
});
