import { describe, expect, it } from 'vitest';
import { operation } from '../../../../functions/list-reviews/operation.ts';
import { createReviewUnbuiltEvent } from '../../../../shared/application/events/review-unbuilt-event.ts';
import { eventOrError } from '../../../../shared/domain/events/event-not-built.ts';
import { replayPaymentEvent } from '../../../../shared/domain/payments/payment-events.ts';
import { reviewBody } from '../../../../shared/http/review-body.ts';
import { anOrder, aPayment } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import { createReviewHarness } from '../review-harness.ts';

const order = anOrder({ orderId: 'ord_1', userId: 'alice' });
const failed = afterTransitions(aPayment({ order, paymentId: 'pay_1' }), 'claimed', 'declined');

/** A failed payment whose event cannot be built, and its review. */
const aPaymentWithUnbuiltEvent = async () => {
  const harness = createReviewHarness();
  const silent = { ...failed, orderId: 7 as unknown as string };
  harness.tables.put('Payments', silent);
  const unbuilt = eventOrError(() => replayPaymentEvent(silent, 'PaymentFailed'));
  if (!(unbuilt instanceof Error)) throw new Error('The event can be built.');
  const reviewId = await createReviewUnbuiltEvent(harness.stores.reviews)(unbuilt, later(60));

  return { ...harness, reviewId: reviewId ?? '' };
};

describe('review of an event that cannot be built', () => {
  it('lists the review with the invalid field', async () => {
    const { review } = await aPaymentWithUnbuiltEvent();

    const body = { items: [reviewBody(review())] };

    operation.responses[200]?.schema?.parse(body);
    expect(body.items).toMatchObject([
      {
        kind: 'event',
        code: 'event-not-built',
        paymentId: 'pay_1',
        detail: expect.stringMatching(/^orderId: /),
      },
    ]);
  });

  it('returns the review with its payment and its one decision', async () => {
    const { get, reviewId } = await aPaymentWithUnbuiltEvent();

    expect(await get(reviewId)).toMatchObject({
      status: 200,
      body: { kind: 'event', decisions: ['completed'], payment: { status: 'FAILED' } },
    });
  });

  it('resolves once without a gateway call or a payment change', async () => {
    const { resolve, reviewId, payment, gateway, get } = await aPaymentWithUnbuiltEvent();
    const before = payment();

    expect(await resolve(reviewId, 'completed', { by: 'olivia' })).toMatchObject({
      status: 200,
      body: { status: 'RESOLVED', decision: 'completed', audit: [{ by: 'olivia' }] },
    });
    expect(await resolve(reviewId, 'completed', { by: 'otto' })).toMatchObject({
      status: 200,
      body: { audit: [{ by: 'olivia' }] },
    });

    expect(payment()).toEqual(before);
    expect(gateway.calls).toEqual([]);
    expect(await get(reviewId)).toMatchObject({ body: { decisions: [] } });
  });

  it.each(['failed', 'reversed'])('rejects the decision %s', async (decision) => {
    const { resolve, reviewId } = await aPaymentWithUnbuiltEvent();

    expect(await resolve(reviewId, decision)).toMatchObject({
      status: 409,
      body: { code: 'decision-not-allowed', detail: 'Allowed decisions: completed.' },
    });
  });
});
