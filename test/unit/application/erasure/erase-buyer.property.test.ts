import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RejectionError, ServiceUnavailableError } from '../../../../shared/domain/errors.ts';
import { traceparent } from '../../../support/builders/trace.ts';
import {
  anErasedOrder,
  createErasureHarness,
  erasedBuyer,
  putBuyers,
} from '../../../support/harness/erasure-harness.ts';

const orRejected = async (work: Promise<unknown>): Promise<void> => {
  await work.catch((error: unknown) => {
    if (error instanceof RejectionError || error instanceof ServiceUnavailableError) return;
    throw error;
  });
};

it('keeps the books right while the buyer pays and a refund is requested', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.nat({ max: 30 }), async (scheduler, delay) => {
      let isScheduled = false;
      const shop = createErasureHarness(async () => {
        if (isScheduled) await scheduler.schedule(Promise.resolve());
      });
      const { paid } = await putBuyers(shop);
      const next = anErasedOrder('ord_next');
      const paymentId = shop.paymentIdOf(paid);
      const refund = {
        ...{ buyer: erasedBuyer, paymentId, key: 'late', traceparent },
        body: { amount: 1_200, reason: 'any', balanceFirst: false },
      };
      isScheduled = true;

      const erase = async () => {
        for (let turn = 0; turn < delay; turn += 1) await scheduler.schedule(Promise.resolve());
        await shop.erase();
      };
      const buy = async () => {
        shop.place(next);
        await shop.pay(next);
        await shop.settle(shop.paymentIdOf(next));
      };
      const giveBack = async () => {
        const { refundId } = await shop.refunds.requestRefund(refund);
        await shop.refunds.execute(refundId);
      };
      await scheduler.waitFor(Promise.all([erase(), orRejected(buy()), orRejected(giveBack())]));
      isScheduled = false;

      expect(await shop.reconcile()).toMatchObject({ isReconciled: true, discrepancies: [] });
      // The refund may have made the balance of the buyer available.
      const { open } = await shop.erase();
      expect(open.every(({ item }) => item === 'balance')).toBe(true);
      expect(await shop.reconcile()).toMatchObject({ isReconciled: true });
    }),
    { numRuns: 60 },
  );
}, 60_000);

it('keeps the books right while two operators erase the buyer at the same time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      let isScheduled = false;
      const shop = createErasureHarness(async () => {
        if (isScheduled) await scheduler.schedule(Promise.resolve());
      });
      await putBuyers(shop);
      isScheduled = true;

      const erasures = ['olivia', 'oscar'].map((actor) => shop.erase({ actor }));
      const results = await scheduler.waitFor(Promise.all(erasures));
      isScheduled = false;

      expect(results.flatMap(({ open }) => open)).toEqual([]);
      expect(shop.text()).not.toContain(erasedBuyer);
      expect(await shop.reconcile()).toMatchObject({ isReconciled: true, discrepancies: [] });
    }),
    { numRuns: 40 },
  );
}, 60_000);
