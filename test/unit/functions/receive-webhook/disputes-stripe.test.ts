import { describe, expect, it } from 'vitest';
import { paymentId } from '../../../support/harness/tea-order.ts';
import { aPaymentAtStripe } from './stripe-harness.ts';

const nothingFound = { outcome: 'reconciled', discrepancies: [], disputes: [] };

describe('a dispute by webhooks of Stripe', () => {
  it('is on the payment, in the timeline, under review and in the reconciliation', async () => {
    const { stripe, intentId, deliverWebhooks, ...state } = await aPaymentAtStripe();
    expect(state.payment()).toMatchObject({ status: 'COMPLETED', gatewayAmount: 1_500 });
    expect(await state.ledger()).toMatchObject(nothingFound);
    const id = stripe.disputes.open(intentId, { amount: 1_200 });

    expect(await deliverWebhooks()).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
    ]);

    const dispute = { id, amount: 1_200, status: 'open' };
    expect(state.payment()).toMatchObject({ status: 'COMPLETED', dispute });
    expect(state.events().slice(-2)).toEqual(['PaymentCompleted', 'PaymentDisputed']);
    const { entries, ...shown } = await state.timeline();
    expect(shown).toMatchObject({ dispute });
    expect(entries).toContainEqual(
      expect.objectContaining({
        kind: 'transition',
        detail: `dispute ${id} of 1200 KRW opened at the gateway`,
      }),
    );
    expect(state.reviews()).toMatchObject([
      { kind: 'dispute', code: 'disputed', status: 'OPEN', amountAtRisk: 1_200 },
    ]);
    expect(await state.ledger()).toMatchObject({
      ...nothingFound,
      disputes: [{ paymentId, disputeId: id, status: 'open', amount: 1_200 }],
    });
  });

  it.each([
    ['won', [['disputed', 'RESOLVED']]],
    [
      'lost',
      [
        ['disputed', 'RESOLVED'],
        ['dispute-lost', 'OPEN'],
      ],
    ],
  ] as const)('has these reviews after it is %s: %j', async (status, reviewed) => {
    const { stripe, intentId, deliverWebhooks, ...state } = await aPaymentAtStripe();
    const id = stripe.disputes.open(intentId);
    await deliverWebhooks();
    stripe.disputes.close(id, status);

    expect(await deliverWebhooks()).toContain('charge.dispute.closed');

    expect(state.payment().dispute).toMatchObject({ id, status });
    expect(state.events().slice(-2)).toEqual(['PaymentDisputed', 'DisputeClosed']);
    const { entries } = await state.timeline();
    expect(entries).toContainEqual(
      expect.objectContaining({ detail: `dispute ${id} of 1500 KRW ${status}` }),
    );
    expect(state.reviews().map((review) => [review.code, review.status])).toEqual(reviewed);
    expect(await state.ledger()).toMatchObject({ disputes: [{ disputeId: id, status }] });
  });

  it('requests no inquiry with the signature of another key', async () => {
    const { stripe, intentId, webhooks, queue, receive } = await aPaymentAtStripe();
    stripe.disputes.open(intentId);

    for (const event of webhooks)
      expect(await receive(event, 'whsec_other')).toMatchObject({ status: 401 });

    expect(webhooks).toHaveLength(2);
    expect(queue).toEqual([]);
  });
});

describe('a refund in the dashboard by webhooks of Stripe', () => {
  it('is shown and under review, and a discrepancy until an operator records it', async () => {
    const { stripe, intentId, deliverWebhooks, ...state } = await aPaymentAtStripe();
    await stripe.refundInDashboard(intentId, 400, 'dashboard');

    expect(await deliverWebhooks()).toEqual(['refund.created', 'charge.refunded']);

    expect(state.payment()).toMatchObject({ refundedElsewhere: 400, refunded: 0 });
    expect(state.events().at(-1)).toBe('PaymentRefundedElsewhere');
    const { entries, ...shown } = await state.timeline();
    expect(shown).toMatchObject({ refundedElsewhere: 400 });
    expect(entries).toContainEqual(
      expect.objectContaining({
        detail: '400 KRW refunded at the gateway and not by this service',
      }),
    );
    const [review] = state.reviews();
    expect(state.reviews()).toMatchObject([
      { kind: 'gateway-difference', status: 'OPEN', difference: { amount: -400 } },
    ]);
    expect(await state.ledger()).toMatchObject({
      outcome: 'discrepancy',
      discrepancies: [{ kind: 'payment', id: paymentId, difference: -400, unit: 'KRW' }],
    });

    expect(await state.resolve(`${review?.reviewId}`, 'reversed')).toMatchObject({ status: 200 });

    expect(state.payment()).toMatchObject({ refunded: 400, gatewayRefunded: 400 });
    expect(await state.ledger()).toMatchObject(nothingFound);
  });
});
