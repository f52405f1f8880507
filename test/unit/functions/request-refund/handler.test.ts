import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRequestRefund } from '../../../../shared/application/refunds/request-refund.ts';
import { transitionPayment } from '../../../../shared/domain/payments/payment-transitions.ts';
import { aPaidOrder, later } from '../../../support/builders/refund-generators.ts';
import { amount, createRefundRequestHarness, lines, reason } from './harness.ts';

describe('request refund', () => {
  it.each([
    ['of an amount', amount(1_500), 1_500, []],
    [
      'of lines',
      lines(['tea', 1], ['cup', 1]),
      3_500,
      [
        { sku: 'tea', quantity: 1, restock: true, amount: 2_500 },
        { sku: 'cup', quantity: 1, restock: true, amount: 1_000 },
      ],
    ],
  ])(
    'reserves the amount and answers immediately for a refund %s',
    async (_what, body, won, taken) => {
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
        currency: 'KRW',
      });
      expect(harness.refunds()).toMatchObject([
        { refundId, paymentId, orderId, userId: 'alice', amount: won, lines: taken, reason },
      ]);
      expect(harness.payment()).toMatchObject({ version: 4, refunded: 0, refundPending: won });
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

describe('request refund with a repeated idempotency key', () => {
  const whole = amount(6_000);

  it.each([
    ['while its idempotency record exists', () => {}],
    [
      'without its idempotency record',
      ({ answers }: ReturnType<typeof createRefundRequestHarness>) => answers.forget(),
    ],
  ])('returns the same refund %s, although nothing remains', async (_when, then) => {
    const harness = createRefundRequestHarness();
    const first = await harness.post(whole);
    const stored = harness.payment();
    then(harness);

    const second = await harness.post(whole);

    expect(second).toEqual({
      ...first,
      headers: { ...first.headers, 'idempotency-replayed': 'true' },
    });
    expect(harness.refunds()).toHaveLength(1);
    expect(harness.payment()).toEqual(stored);
  });

  it.each([
    ['while its idempotency record exists', () => {}],
    [
      'without its idempotency record',
      ({ answers }: ReturnType<typeof createRefundRequestHarness>) => answers.forget(),
    ],
  ])('rejects another refund %s', async (_when, then) => {
    const harness = createRefundRequestHarness();
    await harness.post(amount(1_000));
    then(harness);

    expect(await harness.post(amount(1_001))).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
    expect(harness.payment()).toMatchObject({ refundPending: 1_000 });
  });

  it('makes another refund for another payment', async () => {
    const harness = createRefundRequestHarness();
    const other = aPaidOrder({ userId: 'alice' });
    harness.tables.put('Orders', other.order);
    harness.tables.put('Payments', other.payment);

    const first = await harness.post(amount(1_000));
    const second = await harness.post(amount(1_000), { paymentId: other.payment.paymentId });

    expect(second.headers).not.toHaveProperty('idempotency-replayed');
    expect(second.body).toMatchObject({ paymentId: other.payment.paymentId });
    expect(second.body.refundId).not.toBe(first.body.refundId);
  });

  it('makes one refund for concurrent requests in any order of reads and writes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const harness = createRefundRequestHarness({
          turn: () => scheduler.schedule(Promise.resolve()),
        });
        const { paymentId } = harness.paid.payment;
        const request = createRequestRefund(harness.stores);
        const repeat = () =>
          request(
            {
              refundId: 'rfd_1',
              userId: 'alice',
              paymentId,
              selection: { amount: 6_000 },
              reason,
              requestHash: 'h',
              by: 'test',
            },
            later(60),
          );

        const requested = await scheduler.waitFor(Promise.all([repeat(), repeat(), repeat()]));

        expect(requested.filter(({ replayed }) => !replayed)).toHaveLength(1);
        expect(harness.refunds()).toHaveLength(1);
        expect(harness.payment()).toMatchObject({ refundPending: 6_000 });
      }),
    );
  });
});

describe("request refund after the buyer's time for it", () => {
  const windowMs = 3_600_000;
  // The payment completed two seconds after noon.
  const lastMoment = new Date(later(2).getTime() + windowMs - 1);
  const tooLate = new Date(later(2).getTime() + windowMs);

  it('is accepted at the last moment and rejected one millisecond later', async () => {
    const harness = createRefundRequestHarness({ windowMs });
    harness.passTo(lastMoment);
    expect(await harness.post(amount(1))).toMatchObject({ status: 202 });

    harness.passTo(tooLate);

    expect(await harness.post(amount(1), { key: 'k-2' })).toMatchObject({
      status: 403,
      body: { code: 'refund-not-allowed' },
    });
    expect(harness.refunds()).toHaveLength(1);
  });

  it.each([
    ['while its idempotency record exists', () => {}],
    [
      'without its idempotency record',
      ({ answers }: ReturnType<typeof createRefundRequestHarness>) => answers.forget(),
    ],
  ])('returns the refund of a repeated key %s', async (_when, then) => {
    const harness = createRefundRequestHarness({ windowMs });
    harness.passTo(lastMoment);
    const first = await harness.post(amount(1));
    harness.passTo(tooLate);
    then(harness);

    expect(await harness.post(amount(1))).toEqual({
      ...first,
      headers: { ...first.headers, 'idempotency-replayed': 'true' },
    });
  });

  it('stores the rejection for the key', async () => {
    const harness = createRefundRequestHarness({ windowMs });
    harness.passTo(tooLate);
    await harness.post(amount(1));

    expect(await harness.post(amount(1))).toMatchObject({
      status: 403,
      headers: { 'idempotency-replayed': 'true' },
    });
  });

  it("still answers another buyer's payment like a missing one", async () => {
    const harness = createRefundRequestHarness({ windowMs: 0 });

    expect(await harness.post(amount(1), { buyer: 'bob' })).toMatchObject({
      status: 404,
      body: { code: 'payment-not-found' },
    });
  });
});

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
