import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServiceUnavailableError } from '../../../../shared/domain/errors.ts';
import { anOrder, aPayment, aProduct } from '../../../support/builders/builders.ts';
import { afterTransitions, applyTransition } from '../../../support/builders/payment-history.ts';
import {
  createCompensationHarness,
  fixturePayment,
  restoredAmounts,
  unchangedAmounts,
} from '../compensation-harness.ts';

const ids = { paymentId: 'pay_1' };

describe('compensate a payment in one transaction', () => {
  it('restores stock, balance, order and coupon, and records each target', async () => {
    const failed = createCompensationHarness();
    let transactions = 0;
    failed.tables.beforeWrite = () => {
      transactions += 1;
    };

    expect(await failed.atOnce()).toMatchObject({ outcome: 'COMPENSATED', ...ids, version: 4 });

    expect(transactions).toBe(1);
    expect(failed.amounts()).toEqual(restoredAmounts);
    expect(failed.storedOrder()).toMatchObject({ status: 'CANCELLED' });
    expect(failed.storedCoupon()).toMatchObject({ status: 'AVAILABLE' });
    expect(failed.payment()).not.toHaveProperty('dueAt');
    expect(failed.payment().history.at(-1)).toMatchObject({ by: 'compensate-payment' });
    expect(failed.records()).toEqual({
      'STOCK#tea': { delta: 2, outcome: 'restored' },
      'STOCK#cup': { delta: 1, outcome: 'restored' },
      'BALANCE#alice': { delta: 2_000, outcome: 'restored' },
      'ORDER#ord_1': { delta: 0, outcome: 'cancelled' },
      'COUPON#c': { delta: 0, outcome: 'restored' },
    });
  });

  it('answers a duplicate from the payment and writes nothing', async () => {
    const failed = createCompensationHarness();
    const first = await failed.atOnce();
    const { length } = failed.tables.changes;

    expect(await failed.atOnce()).toMatchObject({ outcome: 'duplicate' });
    expect(await failed.findResult()).toEqual(first);
    expect(failed.tables.changes).toHaveLength(length);
  });

  it.each([
    ['being charged', fixturePayment('claimed')],
    ['completed', fixturePayment('claimed', 'captured')],
    ['under review', fixturePayment('claimed', 'declined', 'reviewOpened')],
    ['compensated by the workflow', fixturePayment('claimed', 'declined', 'compensated')],
  ])('does nothing for a payment that is %s', async (_state, payment) => {
    const other = createCompensationHarness({ payment });

    expect(await other.atOnce()).toMatchObject({ outcome: payment.status });

    expect(other.tables.changes).toEqual([]);
    expect(await other.findResult()).toBeUndefined();
  });

  it('inquires as soon as it is compensated if a hint comes meanwhile', async () => {
    const failed = createCompensationHarness();
    const hintedAt = failed.clock.now().toISOString();
    failed.tables.beforeWrite = () => {
      failed.tables.beforeWrite = () => {};
      failed.tables.put('Payments', { ...failed.payment(), hintedAt });
    };

    expect(await failed.atOnce()).toMatchObject({ outcome: 'COMPENSATED' });

    expect(failed.payment()).toHaveProperty('dueAt');
    expect(failed.amounts()).toEqual(restoredAmounts);
  });

  it.each([
    ['is captured late', 'lateCaptured'],
    ['enters a review', 'reviewOpened'],
    ['is left to the workflow', 'compensationStarted'],
  ] as const)('restores nothing if the payment %s between read and write', async (_case, name) => {
    const failed = createCompensationHarness();
    const changed = applyTransition(failed.payment(), name);
    failed.tables.beforeWrite = () => failed.tables.put('Payments', changed);

    await failed.atOnce();

    expect(failed.amounts()).toEqual(unchangedAmounts);
    expect(failed.records()).toEqual({});
    expect(failed.payment()).toEqual(changed);
  });

  it('throws what a later attempt may not have, and leaves it to the redelivery', async () => {
    const failed = createCompensationHarness();
    failed.tables.beforeWrite = () => {
      throw new ServiceUnavailableError('DynamoDB is busy');
    };

    await expect(failed.atOnce()).rejects.toThrow('DynamoDB is busy');

    expect(failed.tables.changes).toEqual([]);
  });
});

describe('a compensation that one transaction cannot do', () => {
  const started = { outcome: 'workflow-started', ...ids, version: 4 };
  const targets = [
    ['Products', { sku: 'tea' }, 'STOCK#tea cannot be restored'],
    ['Balances', { userId: 'alice' }, 'BALANCE#alice cannot be restored'],
    ['Orders', { orderId: 'ord_1' }, 'ORDER#ord_1 is missing'],
    ['Coupons', { userId: 'alice', couponId: 'c' }, 'COUPON#c is missing'],
  ] as const;

  it.each(targets)(
    'is left to the workflow if the item of %s is missing',
    async (table, key, detail) => {
      const failed = createCompensationHarness();
      failed.tables.deleteItem(table, key);

      expect(await failed.atOnce()).toMatchObject(started);

      expect(failed.records()).toEqual({});
      expect(failed.payment()).toMatchObject({ status: 'FAILED', dueAt: expect.any(String) });
      expect(failed.payment().history.at(-1)).toMatchObject({
        event: 'PaymentCompensationStarted',
        detail,
      });
      expect(await failed.atOnce()).toMatchObject({ outcome: 'duplicate' });
      await failed.compensateAll();
      expect(await failed.finish()).toMatchObject({ status: 'COMPENSATED' });
    },
  );

  it.each(['stock', 'balance', 'order'] as const)(
    'is left to the workflow if its step has restored the %s',
    async (step) => {
      const failed = createCompensationHarness();
      await failed[step]();

      expect(await failed.atOnce()).toMatchObject(started);

      await failed.compensateAll();
      expect(await failed.finish()).toMatchObject({ status: 'COMPENSATED' });
      expect(failed.amounts()).toEqual(restoredAmounts);
    },
  );

  it('is left to the workflow after an error that a retry would have again', async () => {
    const failed = createCompensationHarness();
    failed.tables.beforeWrite = () => {
      throw Object.assign(new Error('not authorized'), { $fault: 'client' });
    };

    expect(await failed.atOnce()).toMatchObject(started);

    expect(failed.payment().history.at(-1)).toMatchObject({ detail: 'Error: not authorized' });
  });

  it('is left to the workflow if it needs more writes than a transaction takes', async () => {
    const lines = Array.from({ length: 48 }, (_, index) => ({
      sku: `sku-${index}`,
      quantity: 1,
      unitPrice: 100,
    }));
    const order = anOrder({ orderId: 'ord_1', userId: 'alice', lines });
    const payment = afterTransitions(
      aPayment({ order, paymentId: 'pay_1' }),
      'claimed',
      'declined',
    );
    const failed = createCompensationHarness({ payment, order });
    for (const { sku } of lines) failed.tables.put('Products', aProduct({ sku, reserved: 1 }));

    expect(await failed.atOnce()).toMatchObject(started);

    expect(failed.payment().history.at(-1)).toMatchObject({ detail: 'it needs 101 writes' });
  });
});

it('restores everything once if it runs together with the steps, in any order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.constantFrom('atOnce', 'stock', 'balance', 'order', 'finish' as const), {
        minLength: 2,
        maxLength: 6,
      }),
      async (scheduler, runs) => {
        const failed = createCompensationHarness({
          turn: () => scheduler.schedule(Promise.resolve()),
        });

        await scheduler.waitFor(Promise.allSettled(runs.map((run) => failed[run]())));
        await scheduler.waitFor(failed.compensateAll());
        const { status, missing } = await scheduler.waitFor(failed.finish());

        expect({ status, missing }).toEqual({ status: 'COMPENSATED', missing: [] });
        expect(failed.amounts()).toEqual(restoredAmounts);
        expect(failed.storedCoupon().status).toBe('AVAILABLE');
        expect(Object.keys(failed.records())).toHaveLength(5);
      },
    ),
    { numRuns: 300 },
  );
});
