import { sweepPayments } from '../../../../functions/sweep-payments/handler.ts';
import { recoverPayment } from '../../../../functions/sweep-payments/recover-payment.ts';
import type { SweepSource } from '../../../../functions/sweep-payments/sweep-shards.ts';
import { createReviewUnbuiltEvent } from '../../../../shared/application/events/review-unbuilt-event.ts';
import { finishCompensation } from '../../../../shared/domain/compensation/compensation.ts';
import type { DomainEvent } from '../../../../shared/domain/events/domain-event.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { transitionPayment } from '../../../../shared/domain/payments/payment-transitions.ts';
import type { Review } from '../../../../shared/domain/reviews/review.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { createDueIndex } from '../../../../shared/persistence/due-index.ts';
import { createPaymentRepository } from '../../../../shared/persistence/payment-repository.ts';
import { createReviewRepository } from '../../../../shared/persistence/review-repository.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';

export const later = (ms: number) => new Date(noon.getTime() + ms);
export const failure = { code: 'not-charged', reason: 'no' };

/** These payments, and a sweep over all of them at a given time. */
export const createSweep = (at: Date, ...stored: readonly Payment[]) => {
  const tables = new MemoryDynamo({ Payments: ['paymentId'], Reviews: ['reviewId'] });
  for (const payment of stored) tables.put('Payments', payment);
  const published: DomainEvent[] = [];
  let spentMs = 0;
  const world = {
    pageMs: 0,
    remainingMs: 55_000,
    unreadable: '',
    published,
    publish: async (event: DomainEvent) => published.push(event),
  };
  const source: SweepSource = {
    index: {
      ...createDueIndex(tables.client, 'Payments', 'paymentId'),
      async *pagesOfShard(shard, _time, pageSize) {
        if (shard === world.unreadable) throw new Error('throttled');
        const ids = tables
          .items<Payment>('Payments')
          .filter(({ dueShard = '0' }) => dueShard === shard)
          .sort(({ dueAt: one = '' }, { dueAt: other = '' }) => one.localeCompare(other))
          .map(({ paymentId }) => paymentId);
        for (let from = 0; from < ids.length; from += pageSize) {
          spentMs += world.pageMs;
          yield ids.slice(from, from + pageSize);
        }
      },
    },
    recoverAt: (now) =>
      recoverPayment(
        {
          payments: createPaymentRepository(tables.client, 'Payments'),
          review: createReviewUnbuiltEvent(createReviewRepository(tables.client, 'Reviews')),
          publish: (event) => world.publish(event),
          timings: timings.local,
        },
        now,
      ),
  };
  const work = sweepPayments({
    sources: [source],
    clock: { now: () => new Date(at.getTime() + spentMs) },
    timings: timings.local,
  });
  const sweep = () => {
    spentMs = 0;

    return work({ remainingMs: world.remainingMs });
  };

  return {
    world,
    sweep,
    stored: () => tables.items<Payment>('Payments'),
    reviews: () => tables.items<Review>('Reviews'),
  };
};

export const due = (payment: Payment, at: Date): Payment => ({
  ...payment,
  dueShard: '0',
  dueAt: at.toISOString(),
});

export const unknown = () => due(afterTransitions(aPayment(), 'claimed', 'outcomeUnknown'), noon);

export const lateChecked = () => {
  const failed = transitionPayment(
    afterTransitions(aPayment(), 'claimed', 'outcomeUnknown'),
    'declined',
    {
      at: later(3_000),
      by: 'test',
      change: { failure, lateCaptureCheck: { count: 0, nextAt: noon.toISOString() } },
    },
  );

  return finishCompensation(failed, [], later(4_000));
};

export const hinted = { hintedAt: noon.toISOString() };
