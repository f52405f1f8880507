import { describe, expect, it } from 'vitest';
import { aPaidOrder } from '../../../support/builders/refund-generators.ts';
import { recordStates } from '../../../support/fakes/memory-idempotency-table.ts';
import { amount, createRefundRequestHarness } from './harness.ts';

describe('request refund with a repeated idempotency key', () => {
  const whole = amount(6_000);

  it.each(recordStates)(
    'returns the same refund %s, although nothing remains',
    async (_when, then) => {
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
    },
  );

  const others = [
    ['amount', amount(1_001)],
    ['order of the tenders', { ...amount(1_000), balanceFirst: true }],
  ] as const;

  it.each(
    recordStates.flatMap(([when, then]) =>
      others.map(([what, other]) => [what, when, other, then] as const),
    ),
  )('rejects another %s %s', async (_what, _when, other, then) => {
    const harness = createRefundRequestHarness();
    await harness.post(amount(1_000));
    then(harness);

    expect(await harness.post(other)).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
    expect(harness.payment()).toMatchObject({ refundPending: 1_000, gatewayRefundPending: 1_000 });
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
});
