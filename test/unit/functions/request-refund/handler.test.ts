import { describe, expect, it } from 'vitest';
import { amount, createRefundRequestHarness, lines, reason } from './harness.ts';

describe('request refund', () => {
  it.each([
    ['of an amount', amount(1_500), 1_500, 1_500, []],
    ['of more than the gateway charged', amount(4_500), 4_500, 4_000, []],
    ['that the balance gets first', { ...amount(2_500), balanceFirst: true }, 2_500, 500, []],
    [
      'of lines',
      lines(['tea', 1], ['cup', 1]),
      3_500,
      3_500,
      [
        { sku: 'tea', quantity: 1, restock: true, amount: 2_500 },
        { sku: 'cup', quantity: 1, restock: true, amount: 1_000 },
      ],
    ],
  ])(
    'reserves both parts and answers immediately for a refund %s',
    async (_what, body, won, gatewayAmount, taken) => {
      const harness = createRefundRequestHarness();

      const answer = await harness.post(body);

      const { refundId } = answer.body;
      const { paymentId, orderId } = harness.paid.payment;
      expect(answer).toMatchObject({
        status: 202,
        headers: { location: `../../refunds/${refundId}` },
      });
      expect(answer.headers).not.toHaveProperty('idempotency-replayed');
      expect(answer.body).toEqual({
        refundId: expect.stringMatching(/^rfd_/),
        paymentId,
        status: 'REQUESTED',
        amount: won,
        balanceAmount: won - gatewayAmount,
        gatewayAmount,
        currency: 'KRW',
      });
      expect(harness.refunds()).toMatchObject([
        { refundId, paymentId, orderId, userId: 'alice', lines: taken, reason },
      ]);
      expect(harness.refunds()).toMatchObject([{ amount: won, gatewayAmount }]);
      expect(harness.payment()).toMatchObject({
        ...{ version: 4, refunded: 0, refundPending: won },
        gatewayRefundPending: gatewayAmount,
      });
    },
  );

  it.each([
    ['nothing', { reason }, ''],
    ['an amount and lines', { ...amount(1), ...lines(['tea', 1]) }, ''],
    ['an amount of 0', amount(0), '/amount'],
    ['a negative amount', amount(-1), '/amount'],
    ['half a won', amount(0.5), '/amount'],
    ['no lines', lines(), '/lines'],
    ['a quantity of 0', lines(['tea', 0]), '/lines/0/quantity'],
    ['a quantity of 1001', lines(['tea', 1_001]), '/lines/0/quantity'],
    ['units without restock', { lines: [{ sku: 'tea', quantity: 1 }], reason }, '/lines/0/restock'],
    ['a price of its own', { ...amount(1), unitPrice: 1 }, '/unitPrice'],
    ['another order than balance first', { ...amount(1), balanceFirst: 'no' }, '/balanceFirst'],
    ['no reason', { amount: 1 }, '/reason'],
    ['an empty reason', { amount: 1, reason: '  ' }, '/reason'],
  ])('rejects %s and stores nothing', async (_what, body, pointer) => {
    const harness = createRefundRequestHarness();

    expect(await harness.post(body)).toMatchObject({
      status: 400,
      body: { code: 'invalid-request', errors: [{ pointer }] },
    });
    expect(harness.refunds()).toEqual([]);
    expect(harness.payment()).toEqual(harness.paid.payment);
  });

  it.each([
    ['of more than was paid', amount(6_001), 409, 'refund-exceeds-captured'],
    ['of more units than were sold', lines(['tea', 3]), 409, 'refund-exceeds-captured'],
    ['of a SKU that the order does not have', lines(['hat', 1]), 400, 'invalid-request'],
  ])('rejects a refund %s and stores nothing', async (_what, body, status, code) => {
    const harness = createRefundRequestHarness();

    expect(await harness.post(body)).toMatchObject({ status, body: { code } });
    expect(harness.refunds()).toEqual([]);
    expect(harness.payment()).toEqual(harness.paid.payment);
  });

  it('rejects a payment that is not completed', async () => {
    const harness = createRefundRequestHarness();
    const { paymentId } = harness.paid.payment;
    harness.tables.put('Payments', { ...harness.paid.payment, status: 'UNKNOWN' });

    expect(await harness.post(amount(1))).toMatchObject({
      status: 409,
      body: { code: 'payment-not-refundable', instance: `/payments/${paymentId}/refunds` },
    });
  });

  it('rejects a payment under review without Retry-After', async () => {
    const harness = createRefundRequestHarness();
    harness.tables.put('Payments', { ...harness.paid.payment, status: 'IN_REVIEW' });

    const { status, headers, body } = await harness.post(amount(1));

    expect({ status, body }).toMatchObject({
      status: 409,
      body: { code: 'payment-not-refundable' },
    });
    expect(headers).not.toHaveProperty('retry-after');
  });

  it('stores no result for the key while the payment is undecided', async () => {
    const harness = createRefundRequestHarness();
    const { payment } = harness.paid;
    harness.tables.put('Payments', { ...payment, status: 'CHARGING' });
    expect(await harness.post(amount(1))).toMatchObject({
      status: 409,
      headers: { 'retry-after': '1' },
      body: { code: 'payment-not-refundable' },
    });

    harness.tables.put('Payments', payment);

    expect(await harness.post(amount(1))).toMatchObject({ status: 202 });
  });

  it("answers another buyer's payment like a missing one", async () => {
    const harness = createRefundRequestHarness();

    const theirs = await harness.post(amount(1), { buyer: 'bob' });
    const none = await harness.post(amount(1), { buyer: 'bob', paymentId: 'pay_none' });

    expect(theirs).toMatchObject({ status: 404, body: { code: 'payment-not-found' } });
    const { paymentId } = harness.paid.payment;
    expect(JSON.parse(JSON.stringify(theirs).replaceAll(paymentId, 'pay_none'))).toEqual(none);
    expect(harness.refunds()).toEqual([]);
  });
});
