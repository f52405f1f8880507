import { describe, expect, it } from 'vitest';
import type { Harness } from './harness.ts';

/** The contract of `refund`. */
export const describeRefund = (harness: Harness): void => {
  const { pg, gateway, aCharge, aRefund, approvedCharge, refundUntilTimeout } = harness;

  describe('refund', () => {
    it('refunds once per key, in parts up to the captured amount', async () => {
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

    it('declines more than the remaining amount', async () => {
      const charge = await approvedCharge('approve');
      await gateway().refund(aRefund(charge, 12_000));

      expect(await gateway().refund(aRefund(charge, 501))).toMatchObject({ outcome: 'declined' });
      expect(await pg().readState(charge.reference)).toMatchObject({ refunded: [12_000] });
    });

    it('refunds nothing if nothing was captured', async () => {
      const charge = aCharge('approve');

      const { outcome } = await gateway().refund(aRefund(charge, 1));

      // Not sent if the charge might only be missing from an index.
      expect(['declined', 'not-sent']).toContain(outcome);
      expect(await pg().readState(charge.reference)).toMatchObject({ refunded: [] });
    });

    it('refunds by the transaction id of the charge', async () => {
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
    ] as const)(
      'returns ambiguous for %s although the money was refunded',
      async (_what, scenario) => {
        const charge = await approvedCharge(scenario);

        const outcome = await gateway().refund(aRefund(charge, 2_500));

        expect(outcome).toMatchObject({ outcome: 'ambiguous' });
        expect(await pg().readState(charge.reference)).toMatchObject({ refunded: [2_500] });
      },
    );

    it.each([
      ['before', 'refund-timeout-before-effect', []],
      ['after', 'refund-timeout-after-effect', [2_500]],
    ] as const)(
      'returns ambiguous after a timeout %s the effect',
      async (_when, scenario, refunded) => {
        const charge = await approvedCharge(scenario);

        const outcome = await refundUntilTimeout(aRefund(charge, 2_500));

        expect(outcome).toMatchObject({ outcome: 'ambiguous' });
        expect(await pg().readState(charge.reference)).toMatchObject({
          refundRequests: 1,
          refunded,
        });
      },
    );

    it('returns ambiguous for an undocumented code', async () => {
      const charge = await approvedCharge('refund-unlisted-code');

      expect(await gateway().refund(aRefund(charge, 2_500))).toMatchObject({
        outcome: 'ambiguous',
      });
    });

    it('returns declined and refunds nothing', async () => {
      const charge = await approvedCharge('refund-decline');

      expect(await gateway().refund(aRefund(charge, 2_500))).toMatchObject({ outcome: 'declined' });
      expect(await pg().readState(charge.reference)).toMatchObject({ refunded: [] });
    });

    it('returns in-progress while the gateway is processing, then refunds once', async () => {
      const charge = await approvedCharge('refund-in-progress');
      const refund = aRefund(charge, 2_500);

      const early = await gateway().refund(refund);
      pg().timers.advance(pg().settledAfterMs);
      const late = await gateway().refund(refund);

      expect(early).toEqual({ outcome: 'in-progress' });
      expect(late).toMatchObject({ outcome: 'refunded' });
      expect(await pg().readState(charge.reference)).toMatchObject({ refunded: [2_500] });
    });
  });
};
