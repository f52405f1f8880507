import { describe, expect, it } from 'vitest';
import type { Harness } from './harness.ts';

/** The contract of `inquireRefund`. */
export const describeInquireRefund = (harness: Harness): void => {
  const { pg, gateway, aCharge, aRefund, approvedCharge, refundUntilTimeout } = harness;

  describe('inquire about a refund', () => {
    it('returns the outcome of the refund, by our reference or the transaction id', async () => {
      const charge = aCharge('approve');
      const approval = await gateway().charge(charge);
      const transactionId = approval.outcome === 'approved' ? approval.transactionId : '';
      const refund = aRefund(charge, 2_500);
      const refunded = await gateway().refund(refund);

      expect(await gateway().inquireRefund(refund)).toEqual(refunded);
      expect(await gateway().inquireRefund({ ...refund, transactionId })).toEqual(refunded);
    });

    it.each(['refund-error-after-effect', 'refund-garbage-after-effect'] as const)(
      'finds a refund whose response was lost: %s',
      async (scenario) => {
        const charge = await approvedCharge(scenario);
        const refund = aRefund(charge, 2_500);
        await gateway().refund(refund);

        expect(await gateway().inquireRefund(refund)).toMatchObject({ outcome: 'refunded' });
      },
    );

    it('finds a refund that timed out and does not refund again', async () => {
      const charge = await approvedCharge('refund-timeout-after-effect');
      const refund = aRefund(charge, 2_500);
      await refundUntilTimeout(refund);

      const found = await gateway().inquireRefund(refund);
      const again = await gateway().refund(refund);

      expect(found).toMatchObject({ outcome: 'refunded' });
      expect(again).toEqual(found);
      expect(await pg().readState(charge.reference)).toMatchObject({ refunded: [2_500] });
    });

    it('returns not-found for a lost request, refunded after it is sent again', async () => {
      const charge = await approvedCharge('refund-timeout-before-effect');
      const refund = aRefund(charge, 2_500);
      await refundUntilTimeout(refund);

      const before = await gateway().inquireRefund(refund);
      await gateway().refund(refund);
      const after = await gateway().inquireRefund(refund);

      expect(before).toEqual({ outcome: 'not-found' });
      expect(after).toMatchObject({ outcome: 'refunded' });
      expect(await pg().readState(charge.reference)).toMatchObject({ refunded: [2_500] });
    });

    it('returns not-found first and refunded later for a delayed refund', async () => {
      const charge = await approvedCharge('refund-late');
      const refund = aRefund(charge, 2_500);
      await gateway().refund(refund);

      const early = await gateway().inquireRefund(refund);
      pg().timers.advance(pg().settledAfterMs);
      const late = await gateway().inquireRefund(refund);

      expect(early).toEqual({ outcome: 'not-found' });
      expect(late).toMatchObject({ outcome: 'refunded' });
    });

    it('returns in-progress while the gateway is processing', async () => {
      const charge = await approvedCharge('refund-in-progress');
      const refund = aRefund(charge, 2_500);
      await gateway().refund(refund);

      expect(await gateway().inquireRefund(refund)).toEqual({ outcome: 'in-progress' });
    });

    it('never returns refunded for a declined refund', async () => {
      const charge = await approvedCharge('refund-decline');
      const refund = aRefund(charge, 2_500);
      await gateway().refund(refund);

      expect(await gateway().inquireRefund(refund)).toMatchObject({
        outcome: pg().keepsDeclinedRefunds ? 'declined' : 'not-found',
      });
    });

    it('does not confuse another refund of the same amount with ours', async () => {
      const charge = await approvedCharge('approve');
      await gateway().refund(aRefund(charge, 2_500));

      expect(await gateway().inquireRefund(aRefund(charge, 2_500))).toEqual({
        outcome: 'not-found',
      });
    });

    it('returns ambiguous if the amount of our refund differs', async () => {
      const charge = await approvedCharge('approve');
      const refund = aRefund(charge, 2_500);
      await gateway().refund(refund);

      expect(await gateway().inquireRefund({ ...refund, amount: 2_501 })).toMatchObject({
        outcome: 'ambiguous',
      });
    });
  });
};
