import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServiceUnavailableError } from '../../../shared/domain/errors.ts';
import { afterTransitions, applyTransition } from '../../support/builders/payment-history.ts';
import {
  createCompensationHarness,
  fixturePayment,
  restoredAmounts,
  unchangedAmounts,
} from './compensation-harness.ts';

describe.each(['stock', 'balance', 'order'] as const)('compensation step of the %s', (step) => {
  it.each([
    ['reserved', fixturePayment()],
    ['being charged', fixturePayment('claimed')],
    ['of an unknown outcome', fixturePayment('claimed', 'outcomeUnknown')],
    ['completed', fixturePayment('claimed', 'captured')],
    ['in review because amounts disagree', fixturePayment('claimed', 'reviewOpened')],
  ])('restores nothing of a payment that is %s', async (_state, payment) => {
    const open = createCompensationHarness({ payment });

    await expect(open[step]()).rejects.toThrow('must not be compensated');

    expect(open.amounts()).toEqual(unchangedAmounts);
    expect(open.storedOrder()).toMatchObject({ status: 'PAYING' });
    expect(open.records()).toEqual({});
  });

  it('restores nothing of a payment that is captured between read and write', async () => {
    const failed = createCompensationHarness();
    const captured = afterTransitions(failed.payment(), 'reviewOpened', 'captured');
    failed.tables.beforeWrite = () => failed.tables.put('Payments', captured);

    await expect(failed[step]()).rejects.toThrow('must not be compensated');

    expect(failed.amounts()).toEqual(unchangedAmounts);
    expect(failed.storedOrder()).toMatchObject({ status: 'PAYING' });
    expect(failed.records()).toEqual({});
  });

  it('continues if the payment entered the review of this compensation', async () => {
    const failed = createCompensationHarness();
    const review = applyTransition(failed.payment(), 'reviewOpened');
    failed.tables.beforeWrite = () => failed.tables.put('Payments', review);

    await failed[step]();

    expect(Object.keys(failed.records())).not.toEqual([]);
  });

  it('throws if the payment does not exist', async () => {
    await expect(createCompensationHarness()[step]('pay_none')).rejects.toThrow(
      'Payment pay_none not found',
    );
  });
});

it('restores everything once, whatever fails and however often the step runs', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('atOnce', 'stock', 'balance', 'order', 'finish' as const), {
        maxLength: 12,
      }),
      fc.infiniteStream(fc.boolean()),
      async (runs, fails) => {
        const failed = createCompensationHarness();
        const perhaps = () => {
          if (fails.next().value) throw new ServiceUnavailableError('lost');
        };

        Object.assign(failed.tables, { beforeWrite: perhaps, afterWrite: perhaps });
        for (const run of runs)
          await Promise.allSettled([run === 'finish' ? failed.finish() : failed[run]()]);
        if (failed.payment().status === 'COMPENSATED')
          expect(failed.amounts()).toEqual(restoredAmounts);
        Object.assign(failed.tables, { beforeWrite: () => {}, afterWrite: () => {} });
        await failed.compensateAll();
        const { status, missing } = await failed.finish();

        expect({ status, missing }).toEqual({ status: 'COMPENSATED', missing: [] });
        expect(failed.amounts()).toEqual(restoredAmounts);
        expect(failed.storedOrder().status).toBe('CANCELLED');
        expect(failed.storedCoupon().status).toBe('AVAILABLE');
      },
    ),
  );
});

it('ends COMPENSATED even if its targets are missing when a step runs', async () => {
  const targets = [
    ['Products', { sku: 'tea' }, 'STOCK#tea'],
    ['Products', { sku: 'cup' }, 'STOCK#cup'],
    ['Balances', { userId: 'alice' }, 'BALANCE#alice'],
    ['Orders', { orderId: 'ord_1' }, 'ORDER#ord_1'],
    ['Coupons', { userId: 'alice', couponId: 'c' }, 'COUPON#c'],
  ] as const;
  await fc.assert(
    fc.asyncProperty(fc.subarray([...targets]), fc.boolean(), async (gone, isLate) => {
      const failed = createCompensationHarness();
      const vanish = () => {
        for (const [table, key] of gone) failed.tables.deleteItem(table, key);
      };
      if (isLate) failed.tables.beforeWrite = vanish;
      else vanish();

      await failed.compensateAll();
      const { status, missing } = await failed.finish();

      expect({ status, missing }).toEqual({ status: 'COMPENSATED', missing: [] });
      const recorded = Object.entries(failed.records())
        .filter(([, { outcome }]) => outcome === 'target-missing')
        .map(([target]) => target);
      expect(recorded.toSorted()).toEqual(gone.map(([, , target]) => target).toSorted());
    }),
  );
});
