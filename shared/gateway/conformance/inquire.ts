import { describe, expect, it } from 'vitest';
import type { Harness } from './harness.ts';

/** The contract of `inquire`. */
export const describeInquire = ({
  pg,
  gateway,
  aCharge,
  aRefund,
  approvedCharge,
}: Harness): void => {
  describe('inquire', () => {
    it.each(['approve', 'error-after-effect', 'garbage-after-effect'] as const)(
      'finds a captured charge by our reference: %s',
      async (scenario) => {
        const charge = aCharge(scenario);
        await gateway().charge(charge);

        expect(await gateway().inquire(charge)).toMatchObject({ outcome: 'approved' });
      },
    );

    it.each([
      ['nothing', []],
      ['one part', [2_500]],
      ['two parts', [2_500, 1_000]],
      ['all', [12_500]],
    ] as const)('returns the refunded amount of a capture: %s', async (_what, amounts) => {
      const charge = await approvedCharge('approve');
      for (const amount of amounts) await gateway().refund(aRefund(charge, amount));
      const refunded = amounts.reduce((total, amount) => total + amount, 0);

      const found = await gateway().inquire(charge);

      expect(found).toMatchObject({ outcome: 'approved', captured: 12_500, refunded });
      if (found.outcome !== 'approved') return;
      const { transactionId } = found;
      expect(await gateway().inquire({ ...charge, transactionId })).toEqual(found);
    });

    it('counts a refund in progress, but not a declined one', async () => {
      const [pending, declined] = [
        await approvedCharge('refund-in-progress'),
        await approvedCharge('refund-decline'),
      ];
      for (const charge of [pending, declined]) await gateway().refund(aRefund(charge, 2_500));

      expect(await gateway().inquire(pending)).toMatchObject({ refunded: 2_500 });
      expect(await gateway().inquire(declined)).toMatchObject({ refunded: 0 });
    });

    it('returns not-found for a reference that the gateway does not know', async () => {
      const unknownCharge = { ...aCharge('approve'), reference: 'pay-unknown' };

      expect(await gateway().inquire(unknownCharge)).toEqual({ outcome: 'not-found' });
    });

    it('returns not-found first and approved later for a delayed charge', async () => {
      const charge = aCharge('late-approve');
      await gateway().charge(charge);

      const early = await gateway().inquire(charge);
      pg().timers.advance(pg().settledAfterMs);
      const late = await gateway().inquire(charge);

      expect(early).toEqual({ outcome: 'not-found' });
      expect(late).toMatchObject({ outcome: 'approved' });
    });

    it('returns in-progress for a pending charge, declined for a declined one', async () => {
      const pending = aCharge('in-progress');
      const declined = aCharge('decline');
      await gateway().charge(pending);
      await gateway().charge(declined);

      expect(await gateway().inquire(pending)).toEqual({ outcome: 'in-progress' });
      expect(await gateway().inquire(declined)).toMatchObject({
        outcome: 'declined',
        code: pg().declineCode,
        buyerCode: 'insufficient-funds',
      });
    });

    it.each([
      ['amount', { amount: 12_499 }],
      ['currency', { currency: 'USD' }],
    ])('returns mismatch if the %s differs', async (_what, other) => {
      const charge = aCharge('approve');
      await gateway().charge(charge);

      expect(await gateway().inquire({ ...charge, ...other })).toMatchObject({
        outcome: 'mismatch',
        captured: 12_500,
        refunded: 0,
      });
    });
  });
};
