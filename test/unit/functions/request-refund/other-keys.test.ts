import { describe, expect, it } from 'vitest';
import { transitionPayment } from '../../../../shared/domain/payments/payment-transitions.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import { amount, createRefundRequestHarness } from './harness.ts';

describe('request refund with other keys', () => {
  it('makes other refunds, also of equal amounts', async () => {
    const harness = createRefundRequestHarness();

    const first = await harness.post(amount(1_000));
    const second = await harness.post(amount(1_000), { key: 'k-2' });

    expect(second.status).toBe(202);
    expect(second.body.refundId).not.toBe(first.body.refundId);
    expect(harness.payment()).toMatchObject({ refundPending: 2_000 });
  });

  it('reserves concurrently no more than was paid and loses no valid request', async () => {
    const harness = createRefundRequestHarness();

    const replies = await Promise.all(
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((key) => harness.post(amount(1_500), { key })),
    );

    const statuses = replies.map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([202, 202, 202, 202, 409, 409, 409]);
    expect(harness.payment()).toMatchObject({ version: 7, refundPending: 6_000 });
    expect(harness.refunds()).toHaveLength(4);
  });

  it('asks for a retry after the last version conflict', async () => {
    const harness = createRefundRequestHarness();
    const { updateWrite } = harness.stores.payments;
    let stored = harness.paid.payment;
    harness.stores.payments.updateWrite = (read, after) => {
      stored = transitionPayment(stored, 'refundFailed', { at: later(60), by: 'test' });
      harness.tables.put('Payments', stored);

      return updateWrite(read, after);
    };

    const reply = await harness.post(amount(1));

    expect(reply).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(harness.refunds()).toEqual([]);
    expect(harness.answers.stored()).toEqual([]);
  });
});
