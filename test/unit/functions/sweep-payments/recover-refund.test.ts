import { describe, expect, it } from 'vitest';
import { recoverRefund } from '../../../../functions/sweep-payments/recover-refund.ts';
import { summarize } from '../../../../functions/sweep-payments/sweep-result.ts';
import { createReviewUnbuiltEvent } from '../../../../shared/application/events/review-unbuilt-event.ts';
import type { DomainEvent } from '../../../../shared/domain/events/domain-event.ts';
import { deriveEventReviewId } from '../../../../shared/domain/ids.ts';
import { noCurrency } from '../../../../shared/domain/money.ts';
import { eventOfChange } from '../../../../shared/domain/outbox/outbox-event.ts';
import { type Refund, transitionRefund } from '../../../../shared/domain/refunds/refund.ts';
import type { Review } from '../../../../shared/domain/reviews/review.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { createRefundRepository } from '../../../../shared/persistence/refund-repository.ts';
import { createReviewRepository } from '../../../../shared/persistence/review-repository.ts';
import { aPaidOrder, aRefund, later } from '../../../support/builders/refund-generators.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';

const requested = aRefund(aPaidOrder(), { amount: 1_000 }, 'rfd_1').refund;
const sentRefund = transitionRefund(requested, 'attemptInconclusive', {
  at: later(11),
  by: 'test',
  change: { attempts: 1, firstSentAt: later(10).toISOString(), dueAt: later(12).toISOString() },
});
const reviewed = transitionRefund(sentRefund, 'reviewOpened', {
  at: later(12),
  by: 'test',
  change: { failure: { code: 'outcome-unknown', reason: 'not known' } },
});
const overdue = new Date(later(12).getTime() + timings.local.sweepGraceMs);

/** One refund, and a sweep over it at a given time. */
const createSweep = (refund: Refund, at = overdue) => {
  const tables = new MemoryDynamo({ Refunds: ['refundId'], Reviews: ['reviewId'] });
  tables.put('Refunds', refund);
  const published: DomainEvent[] = [];
  const publish = async (event: DomainEvent) => published.push(event);
  const refunds = createRefundRepository(tables.client, 'Refunds');
  const review = createReviewUnbuiltEvent(createReviewRepository(tables.client, 'Reviews'));
  const recover = recoverRefund({ refunds, review, publish, timings: timings.local }, at);

  return {
    published,
    recover: () => recover('rfd_1'),
    stored: () => tables.items<Refund>('Refunds')[0],
    reviews: () => tables.items<Review>('Reviews'),
  };
};

describe('sweep refunds', () => {
  it.each([
    ['that was never sent, as stuck', requested, 'REFUND_NOT_SENT', 1],
    ['whose next attempt is due, not as stuck', sentRefund, 'REFUND_OUTCOME_UNKNOWN', 0],
    ['under review without a review, as stuck', reviewed, 'REFUND_REVIEW_MISSING', 1],
  ] as const)('replays the event of a refund %s', async (_which, refund, state, stuck) => {
    const { recover, published, stored } = createSweep(refund);

    expect(await recover()).toBe(state);

    const event =
      state === 'REFUND_REVIEW_MISSING'
        ? eventOfChange({ of: 'refund', before: sentRefund, after: reviewed })
        : eventOfChange({ of: 'refund', before: undefined, after: requested });
    expect(published).toEqual([event]);
    expect(stored()).toEqual({ ...refund, dueAt: overdue.toISOString() });
    expect(summarize([{ status: 'fulfilled', value: state }]).overdue).toBe(stuck);
  });

  it('opens one review for a refund whose event cannot be built', async () => {
    const bad = { ...requested, amount: 999.5, currency: 'euros' };
    const { recover, published, stored, reviews } = createSweep(bad);

    expect(await recover()).toBe('EVENT_NOT_BUILT');
    expect(await recover()).toBe('already-handled');

    expect(published).toEqual([]);
    expect(reviews()).toEqual([
      {
        reviewId: deriveEventReviewId('rfd_1', 1),
        kind: 'event',
        paymentId: requested.paymentId,
        refundId: 'rfd_1',
        orderId: requested.orderId,
        userId: requested.userId,
        version: 1,
        code: 'event-not-built',
        detail: expect.stringMatching(/amount: .+; currency: /),
        amountAtRisk: 1_000,
        currency: noCurrency,
        status: 'OPEN',
        openedAt: overdue.toISOString(),
        audit: [],
      },
    ]);
    const { dueAt, dueShard, ...rest } = bad;
    expect(stored()).toEqual(rest);
    expect(summarize([{ status: 'fulfilled', value: 'EVENT_NOT_BUILT' }]).overdue).toBe(0);
  });

  it.each([
    ['that is not overdue yet', sentRefund, later(13)],
    [
      'that is final and still in the index',
      transitionRefund(requested, 'failed', { at: later(11), by: 'test' }),
      overdue,
    ],
  ] as const)('does not change a refund %s', async (_which, refund, at) => {
    const { recover, published, stored } = createSweep(refund, at);

    expect(await recover()).toBe('already-handled');

    expect(published).toEqual([]);
    expect(stored()).toEqual(refund);
  });

  it('publishes once in three concurrent runs', async () => {
    const { recover, published } = createSweep(requested);

    await Promise.all([recover(), recover(), recover()]);

    expect(published).toHaveLength(1);
  });
});
