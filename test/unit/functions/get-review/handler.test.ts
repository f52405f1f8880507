import { describe, expect, it } from 'vitest';
import { operation } from '../../../../functions/get-review/operation.ts';
import { noon } from '../../../support/builders/builders.ts';
import { anOpenReview } from '../review-harness.ts';

const mismatch = ['claimed', 'reviewOpened'] as const;

describe('get review', () => {
  it('returns the review with its evidence and decisions', async () => {
    const { get, reviewId, tables, payment } = await anOpenReview(mismatch);
    const record = {
      target: 'BALANCE#alice',
      delta: 5_000,
      outcome: 'restored',
      compensatedAt: noon.toISOString(),
    };
    const seen = { at: noon.toISOString(), by: 'inquire-payment', detail: 'inquired under review' };
    tables.put('Compensations', { paymentId: 'pay_1', ...record });
    tables.put('Payments', { ...payment(), evidence: [seen] });

    const { status, body } = await get(reviewId);

    expect(status).toBe(200);
    operation.responses[200]?.schema?.parse(body);
    expect(body).toMatchObject({
      reviewId,
      kind: 'payment',
      status: 'OPEN',
      amountAtRisk: 7_000,
      decisions: ['completed', 'failed'],
      payment: {
        status: 'IN_REVIEW',
        amount: 7_000,
        balanceAmount: 2_000,
        gatewayAmount: 5_000,
        attempt: 1,
        failure: { code: 'mismatch' },
        history: [{ to: 'RESERVED' }, { to: 'CHARGING' }, { to: 'IN_REVIEW' }],
        evidence: [seen],
      },
      order: { status: 'PAYING', activePaymentId: 'pay_1', total: 7_000 },
      compensations: [record],
      refunds: [],
    });
  });

  it('shows the event of a change that kept the status, as its schema describes', async () => {
    const { get, reviewId, tables, payment } = await anOpenReview(mismatch);
    const { history, version } = payment();
    const published = {
      ...{ version: version + 1, at: noon.toISOString(), by: 'inquire-payment' },
      ...{ from: 'IN_REVIEW', to: 'IN_REVIEW', event: 'PaymentDisputed' },
    };
    tables.put('Payments', { ...payment(), history: [...history, published] });

    const { body } = await get(reviewId);

    operation.responses[200]?.schema?.parse(body);
    expect(body.payment.history.at(-1)).toEqual(published);
  });

  it('shows no payment method', async () => {
    const { get, reviewId } = await anOpenReview(mismatch);

    expect(JSON.stringify(await get(reviewId))).not.toMatch(/sim_approve|requestHash|traceparent/);
  });

  it('allows no decision once it is resolved', async () => {
    const { get, resolve, reviewId } = await anOpenReview(mismatch);
    await resolve(reviewId, 'failed');

    expect(await get(reviewId)).toMatchObject({
      body: { status: 'RESOLVED', decision: 'failed', decisions: [], audit: [{ by: 'olivia' }] },
    });
  });

  it('answers 404 for a missing review', async () => {
    const { get } = await anOpenReview(mismatch);

    expect(await get('rev_none')).toMatchObject({
      status: 404,
      body: { code: 'review-not-found' },
    });
  });
});
