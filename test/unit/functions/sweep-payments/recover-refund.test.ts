import { describe, expect, it } from 'vitest';
import { mendRefund } from '../../../../functions/sweep-payments/recover-refund.ts';
import { told } from '../../../../functions/sweep-payments/sweep-result.ts';
import { reviewUnbuiltIn } from '../../../../shared/application/events/review-unbuilt-event.ts';
import type { DomainEvent } from '../../../../shared/domain/events/domain-event.ts';
import { eventReviewIdOf } from '../../../../shared/domain/ids.ts';
import { eventFrom } from '../../../../shared/domain/payments/payment-events.ts';
import { advanceRefund, type Refund } from '../../../../shared/domain/refunds/refund.ts';
import type { Review } from '../../../../shared/domain/reviews/review.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { refundsIn } from '../../../../shared/persistence/refund-repository.ts';
import { reviewsIn } from '../../../../shared/persistence/review-repository.ts';
import { aPaidOrder, aRefund, later } from '../../../support/builders/refund-generators.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';

const requested = aRefund(aPaidOrder(), { amount: 1_000 }, 'rfd_1').refund;
const asked = advanceRefund(requested, 'asked', {
  at: later(11),
  by: 'test',
  change: { tries: 1, askedAt: later(10).toISOString(), dueAt: later(12).toISOString() },
});
const reviewed = advanceRefund(asked, 'reviewOpened', {
  at: later(12),
  by: 'test',
  change: { failure: { code: 'outcome-unknown', reason: 'not known' } },
});
const overdue = new Date(later(12).getTime() + timings.local.overdueAfterMs);

/** A store of one refund, and a sweep over it at a time. */
const aSweep = (refund: Refund, at = overdue) => {
  const tables = new MemoryDynamo({ Refunds: ['refundId'], Reviews: ['reviewId'] });
  tables.put('Refunds', refund);
  const published: DomainEvent[] = [];
  const publish = async (event: DomainEvent) => published.push(event);
  const refunds = refundsIn(tables.client, 'Refunds');
  const review = reviewUnbuiltIn(reviewsIn(tables.client, 'Reviews'));
  const mend = mendRefund({ refunds, review, publish, timings: timings.local }, at);

  return {
    published,
    mend: () => mend('rfd_1'),
    stored: () => tables.items<Refund>('Refunds')[0],
    reviews: () => tables.items<Review>('Reviews'),
  };
};

describe('a sweep of refunds', () => {
  it.each([
    ['that nobody asked the PG for, and rings', requested, 'REFUND_UNASKED', 1],
    ['whose next step is due, which is as it should be', asked, 'REFUND_UNKNOWN', 0],
    ['under review without a review, and rings', reviewed, 'REFUND_UNLISTED', 1],
  ] as const)('tells again of one %s', async (_which, refund, state, rings) => {
    const { mend, published, stored } = aSweep(refund);

    expect(await mend()).toBe(state);

    const event =
      state === 'REFUND_UNLISTED'
        ? eventFrom({ of: 'refund', before: asked, after: reviewed })
        : eventFrom({ of: 'refund', before: undefined, after: requested });
    expect(published).toEqual([event]);
    expect(stored()).toEqual({ ...refund, dueAt: overdue.toISOString() });
    expect(told([{ status: 'fulfilled', value: state }]).overdue).toBe(rings);
  });

  it('reviews one whose event cannot be built, once, and does not meet it again', async () => {
    const bad = { ...requested, amount: 999.5, currency: 'euros' };
    const { mend, published, stored, reviews } = aSweep(bad);

    expect(await mend()).toBe('EVENT_NOT_BUILT');
    expect(await mend()).toBe('elsewhere');

    expect(published).toEqual([]);
    expect(reviews()).toEqual([
      {
        reviewId: eventReviewIdOf('rfd_1', 1),
        kind: 'event',
        paymentId: requested.paymentId,
        refundId: 'rfd_1',
        orderId: requested.orderId,
        userId: requested.userId,
        version: 1,
        code: 'event-not-built',
        detail: expect.stringMatching(/amount: .+; currency: /),
        amountAtRisk: 1_000,
        currency: 'XXX',
        status: 'OPEN',
        openedAt: overdue.toISOString(),
        audit: [],
      },
    ]);
    const { dueAt, dueShard, ...rest } = bad;
    expect(stored()).toEqual(rest);
    expect(told([{ status: 'fulfilled', value: 'EVENT_NOT_BUILT' }]).overdue).toBe(0);
  });

  it.each([
    ['that is not overdue yet', asked, later(13)],
    [
      'that the index still names, although it has ended',
      advanceRefund(requested, 'failed', { at: later(11), by: 'test' }),
      overdue,
    ],
  ] as const)('leaves alone one %s', async (_which, refund, at) => {
    const { mend, published, stored } = aSweep(refund, at);

    expect(await mend()).toBe('elsewhere');

    expect(published).toEqual([]);
    expect(stored()).toEqual(refund);
  });

  it('that runs three times at once tells of it once', async () => {
    const { mend, published } = aSweep(requested);

    await Promise.all([mend(), mend(), mend()]);

    expect(published).toHaveLength(1);
  });
});
