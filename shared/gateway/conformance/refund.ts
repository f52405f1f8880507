import { describe, expect, it } from 'vitest';
import type { Harness } from './harness.ts';

/** What the port promises of `refund`. */
export const describeRefund = (harness: Harness): void => {
  const { pg, gateway, aCharge, aRefund, approvedCharge, refundUntilTimeout } = harness;

  describe('refunding', () => {
    it('pays back once for a key, in parts up to what was captured', async () => {
      const charge = await approvedCharge('approve');
      const part = aRefund(charge, 2_500);

      const first = await gateway().refund(part);
      const again = await gateway().refund(part);
      const rest = await gateway().refund(aRefund(charge, 10_000));

      expect(first).toMatchObject({ outcome: 'refunded', refundId: expect.any(String) });
      expect(again).toEqual(first);
      expect(rest).toMatchObject({ outcome: 'refunded' });
      expect(await pg().readState(charge.reference)).toMatchObject({ refunded: [2_500, 10_000] });
    });

    it('declines what is more than is left', async () => {
      const charge = await approvedCharge('approve');
      await gateway().refund(aRefund(charge, 12_000));

      expect(await gateway().refund(aRefund(charge, 501))).toMatchObject({ outcome: 'declined' });
      expect(await pg().readState(charge.reference)).toMatchObject({ refunded: [12_000] });
    });

    it('pays nothing back when nothing was captured', async () => {
      const charge = aCharge('approve');

      const { outcome } = await gateway().refund(aRefund(charge, 1));

      // Not sent, where the charge might only be missing from an index.
      expect(['declined', 'not-sent']).toContain(outcome);
      expect(await pg().readState(charge.reference)).toMatchObject({ refunded: [] });
    });

    it('pays back as well when the PG id of the charge is known', async () => {
      const charge = aCharge('approve');
      const approvedCharge = await gateway().charge(charge);
      const transactionId =
        approvedCharge.outcome === 'approved' ? approvedCharge.transactionId : '';

      const outcome = await gateway().refund({ ...aRefund(charge, 2_500), transactionId });

      expect(outcome).toMatchObject({ outcome: 'refunded' });
      expect(await pg().readState(charge.reference)).toMatchObject({ refunded: [2_500] });
    });

    it.each([
      ['an error', 'refund-error-after-effect'],
      ['an unreadable body', 'refund-garbage-after-effect'],
    ] as const)('says ambiguous to %s, though the money is back', async (_what, scenario) => {
      const charge = await approvedCharge(scenario);

      const outcome = await gateway().refund(aRefund(charge, 2_500));

      expect(outcome).toMatchObject({ outcome: 'ambiguous' });
      expect(await pg().readState(charge.reference)).toMatchObject({ refunded: [2_500] });
    });

    it.each([
      ['before', 'refund-timeout-before-effect', []],
      ['after', 'refund-timeout-after-effect', [2_500]],
    ] as const)('says ambiguous to a silence %s the effect', async (_when, scenario, refunded) => {
      const charge = await approvedCharge(scenario);

      const outcome = await refundUntilTimeout(aRefund(charge, 2_500));

      expect(outcome).toMatchObject({ outcome: 'ambiguous' });
      expect(await pg().readState(charge.reference)).toMatchObject({ refundRequests: 1, refunded });
    });

    it('says ambiguous to a code that the PG does not document', async () => {
      const charge = await approvedCharge('refund-unlisted-code');

      expect(await gateway().refund(aRefund(charge, 2_500))).toMatchObject({
        outcome: 'ambiguous',
      });
    });

    it('says declined when the PG refuses, and nothing is back', async () => {
      const charge = await approvedCharge('refund-decline');

      expect(await gateway().refund(aRefund(charge, 2_500))).toMatchObject({ outcome: 'declined' });
      expect(await pg().readState(charge.reference)).toMatchObject({ refunded: [] });
    });

    it('says in progress while the PG works, and refunded afterwards, once', async () => {
      const charge = await approvedCharge('refund-in-progress');
      const refund = aRefund(charge, 2_500);

      const meanwhile = await gateway().refund(refund);
      pg().timers.advance(pg().settledAfterMs);
      const afterwards = await gateway().refund(refund);

      expect(meanwhile).toEqual({ outcome: 'in-progress' });
      expect(afterwards).toMatchObject({ outcome: 'refunded' });
      expect(await pg().readState(charge.reference)).toMatchObject({ refunded: [2_500] });
    });
  });
};
