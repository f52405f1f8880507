import { describe, expect, it } from 'vitest';
import type { Harness } from './harness.ts';

/** What the port promises of `inquire`. */
export const describeInquire = ({
  pg,
  gateway,
  aCharge,
  aRefund,
  approvedCharge,
}: Harness): void => {
  describe('inquiring', () => {
    it.each(['approve', 'error-after-effect', 'garbage-after-effect'] as const)(
      'finds by our reference what was captured: %s',
      async (scenario) => {
        const charge = aCharge(scenario);
        await gateway().charge(charge);

        expect(await gateway().inquire(charge)).toMatchObject({ outcome: 'approved' });
      },
    );

    it.each([
      ['nothing', []],
      ['a part', [2_500]],
      ['two parts', [2_500, 1_000]],
      ['all', [12_500]],
    ] as const)('says how much of a capture was given back: %s', async (_what, amounts) => {
      const charge = await approvedCharge('approve');
      for (const amount of amounts) await gateway().refund(aRefund(charge, amount));
      const refunded = amounts.reduce((total, amount) => total + amount, 0);

      const found = await gateway().inquire(charge);

      expect(found).toMatchObject({ outcome: 'approved', captured: 12_500, refunded });
      if (found.outcome !== 'approved') return;
      const { transactionId } = found;
      expect(await gateway().inquire({ ...charge, transactionId })).toEqual(found);
    });

    it('counts a refund that the PG works on, and not one that it refused', async () => {
      const [working, refused] = [
        await approvedCharge('refund-in-progress'),
        await approvedCharge('refund-decline'),
      ];
      for (const charge of [working, refused]) await gateway().refund(aRefund(charge, 2_500));

      expect(await gateway().inquire(working)).toMatchObject({ refunded: 2_500 });
      expect(await gateway().inquire(refused)).toMatchObject({ refunded: 0 });
    });

    it('says not found of a reference that the PG never heard of', async () => {
      const unknownCharge = { ...aCharge('approve'), reference: 'pay-unheard-of' };

      expect(await gateway().inquire(unknownCharge)).toEqual({ outcome: 'not-found' });
    });

    it('says not found at first and approved later when the PG is late', async () => {
      const charge = aCharge('late-approve');
      await gateway().charge(charge);

      const early = await gateway().inquire(charge);
      pg().timers.advance(pg().settledAfterMs);
      const late = await gateway().inquire(charge);

      expect(early).toEqual({ outcome: 'not-found' });
      expect(late).toMatchObject({ outcome: 'approved' });
    });

    it('says in progress while the PG works, and declined of what it declined', async () => {
      const working = aCharge('in-progress');
      const refused = aCharge('decline');
      await gateway().charge(working);
      await gateway().charge(refused);

      expect(await gateway().inquire(working)).toEqual({ outcome: 'in-progress' });
      expect(await gateway().inquire(refused)).toMatchObject({
        outcome: 'declined',
        code: pg().declineCode,
      });
    });

    it.each([
      ['amount', { amount: 12_499 }],
      ['currency', { currency: 'USD' }],
    ])('says mismatch when the %s is not ours', async (_what, other) => {
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
