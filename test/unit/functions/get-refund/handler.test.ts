import { describe, expect, it } from 'vitest';
import { later } from '../../../support/builders/refund-generators.ts';
import { amount, createRefundRequestHarness, lines, reason } from '../request-refund/harness.ts';

describe('get refund', () => {
  it("returns the buyer's own refund without internal fields", async () => {
    const harness = createRefundRequestHarness();
    const { refundId } = (await harness.post(lines(['tea', 1]))).body;

    const shown = await harness.read(refundId);

    expect(shown).toMatchObject({ status: 200, headers: { etag: '"1"' } });
    expect(shown.body).toEqual({
      refundId,
      paymentId: harness.paid.payment.paymentId,
      orderId: harness.paid.order.orderId,
      status: 'REQUESTED',
      amount: 2_500,
      balanceAmount: 0,
      gatewayAmount: 2_500,
      currency: 'KRW',
      lines: [{ sku: 'tea', quantity: 1, restock: true, amount: 2_500 }],
      reason,
      version: 1,
      createdAt: later(60).toISOString(),
      updatedAt: later(60).toISOString(),
      links: {
        self: `/refunds/${refundId}`,
        payment: `/payments/${harness.paid.payment.paymentId}`,
      },
    });
    expect(await harness.read(refundId, 'alice', { 'if-none-match': '"1"' })).toMatchObject({
      status: 304,
    });
  });

  it("answers another buyer's refund like a missing one", async () => {
    const harness = createRefundRequestHarness();
    const { refundId } = (await harness.post(amount(1))).body;

    const theirs = await harness.read(refundId, 'bob');
    const none = await harness.read('rfd_none', 'bob');

    expect(theirs).toMatchObject({ status: 404, body: { code: 'refund-not-found' } });
    expect(JSON.parse(JSON.stringify(theirs).replaceAll(refundId, 'rfd_none'))).toEqual(none);
  });
});
