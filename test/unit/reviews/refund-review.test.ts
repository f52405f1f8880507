import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../../shared/domain/events.ts';
import { advanceRefund } from '../../../shared/domain/refund.ts';
import { aBalance, aProduct } from '../../support/builders.ts';
import { aPaidOrder, aRefund, later } from '../../support/refund-history.ts';
import { aDesk, toldOf } from './bench.ts';

/** One of two teas for 5,000 KRW goes back into the stock; nobody knows whether the PG has given its price back. */
const anOpenRefundReview = async () => {
  const desk = aDesk();
  const paid = aPaidOrder({ userId: 'alice' });
  const line = { sku: 'tea', quantity: 1, restock: true };
  const { payment, refund } = aRefund(paid, { lines: [line] }, 'rfd_1');
  const reviewed = advanceRefund(refund, 'reviewOpened', {
    at: later(20),
    by: 'test',
    change: { failure: { code: 'outcome-unknown', reason: 'nobody knows', evidence: 'seen' } },
  });
  desk.tables.put('Orders', paid.order);
  desk.tables.put('Payments', payment);
  desk.tables.put('Refunds', reviewed);
  desk.tables.put('Balances', aBalance({ userId: 'alice', available: 5_000, spent: 5_000 }));
  desk.tables.put('Products', aProduct({ sku: 'tea', available: 98, sold: 2 }));
  const opened: DomainEvent<'RefundReviewOpened'> = toldOf('refund', refund, reviewed);
  await desk.open(opened);

  return { ...desk, reviewed, reviewId: desk.review().reviewId };
};

describe('a decision on a refund', () => {
  it('that it was paid back books it', async () => {
    const { resolve, reviewId, refund, payment, order, books, review } = await anOpenRefundReview();

    expect(await resolve(reviewId, 'completed')).toMatchObject({
      status: 200,
      body: { kind: 'refund', refundId: 'rfd_1', decision: 'completed' },
    });

    expect(refund()).toMatchObject({ status: 'SUCCEEDED', net: 2_500 });
    expect(refund()).not.toHaveProperty('failure');
    expect(payment()).toMatchObject({ status: 'COMPLETED', refunded: 2_500, refundPending: 0 });
    expect(order()).toMatchObject({ status: 'PARTIALLY_REFUNDED' });
    expect(books()).toMatchObject({ available: 7_500, spent: 2_500, sold: 1 });
    expect(review()).toMatchObject({ status: 'RESOLVED', audit: [{ by: 'olivia' }] });
  });

  it('that it was not lets the money be refunded again', async () => {
    const { resolve, reviewId, refund, payment, books, reviewed } = await anOpenRefundReview();

    expect(await resolve(reviewId, 'failed')).toMatchObject({ status: 200 });

    expect(refund()).toMatchObject({
      status: 'FAILED',
      failure: {
        code: 'not-paid-back',
        evidence: `seen; ${reviewId}, olivia: The PG said so.`,
      },
    });
    expect(toldOf('refund', reviewed, refund())).toMatchObject({
      name: 'RefundFailed',
      data: { code: 'not-paid-back', fromReview: true },
    });
    expect(payment()).toMatchObject({ refunded: 0, refundPending: 0 });
    expect(books()).toMatchObject({ available: 5_000, spent: 5_000, sold: 2 });
  });

  it('is never that it is reversed', async () => {
    const { resolve, reviewId, refund } = await anOpenRefundReview();

    expect(await resolve(reviewId, 'reversed')).toMatchObject({
      status: 409,
      body: { detail: 'It may be resolved as completed or failed.' },
    });

    expect(refund()).toMatchObject({ status: 'UNDER_REVIEW' });
  });

  it('is made once', async () => {
    const { resolve, reviewId, books } = await anOpenRefundReview();
    const first = await resolve(reviewId, 'completed');

    expect(await resolve(reviewId, 'completed', { by: 'oscar' })).toEqual(first);
    expect(await resolve(reviewId, 'failed')).toMatchObject({ status: 409 });

    expect(books()).toMatchObject({ spent: 2_500 });
  });
});
