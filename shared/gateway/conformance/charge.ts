import { describe, expect, it } from 'vitest';
import type { Harness } from './harness.ts';

/** The contract of `charge`. */
export const describeCharge = ({ pg, gateway, aCharge, waitForState }: Harness): void => {
  describe('charge', () => {
    it('captures the requested amount once', async () => {
      const charge = aCharge('approve');

      const outcome = await gateway().charge(charge);

      expect(outcome).toEqual({
        outcome: 'approved',
        transactionId: expect.any(String),
        approvedAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T/),
        captured: 12_500,
        ...(pg().reportsRefundedOnCharge && { refunded: 0 }),
      });
      expect(await pg().readState(charge.reference)).toMatchObject({ captured: [12_500] });
    });

    it('returns declined with the documented code and captures nothing', async () => {
      const charge = aCharge('decline');

      const outcome = await gateway().charge(charge);

      expect(outcome).toMatchObject({
        outcome: 'declined',
        code: pg().declineCode,
        buyerCode: 'insufficient-funds',
      });
      expect(await pg().readState(charge.reference)).toMatchObject({ captured: [] });
    });

    it('returns the same outcome for the same key and captures once', async () => {
      const charge = aCharge('approve');

      const first = await gateway().charge(charge);
      const second = await gateway().charge(charge);

      expect(second).toEqual(first);
      expect(await pg().readState(charge.reference)).toMatchObject({ captured: [12_500] });
    });

    it('captures once for ten concurrent requests with one key', async () => {
      const charge = aCharge('approve');

      const outcomes = await Promise.all(
        Array.from({ length: 10 }, () => gateway().charge(charge)),
      );

      expect(new Set(outcomes.map((each) => JSON.stringify(each))).size).toBe(1);
      expect(await pg().readState(charge.reference)).toMatchObject({ captured: [12_500] });
    });

    it('does not treat the rejection of a reused key as a decline', async () => {
      const charge = aCharge('approve');
      await gateway().charge(charge);

      const outcome = await gateway().charge({ ...charge, amount: 1 });

      // A gateway that compares bodies rejects it; one that does not returns the original charge.
      expect(['ambiguous', 'mismatch']).toContain(outcome.outcome);
      expect(await pg().readState(charge.reference)).toMatchObject({ captured: [12_500] });
    });

    it('returns mismatch with both amounts if they differ by one', async () => {
      const charge = aCharge('wrong-amount');

      const outcome = await gateway().charge(charge);

      expect(outcome).toMatchObject({
        outcome: 'mismatch',
        differences: [expect.stringMatching(/12500.*12501/)],
      });
    });

    it('returns in-progress while the gateway is processing, approved afterwards', async () => {
      const charge = aCharge('in-progress');

      const early = await gateway().charge(charge);
      pg().timers.advance(pg().settledAfterMs);
      const late = await gateway().charge(charge);

      expect(early).toEqual({ outcome: 'in-progress' });
      expect(late).toMatchObject({ outcome: 'approved' });
    });

    it.each([
      ['an error', 'error-after-effect'],
      ['an unreadable body', 'garbage-after-effect'],
    ] as const)(
      'returns ambiguous for %s although the charge was captured',
      async (_what, scenario) => {
        const charge = aCharge(scenario);

        const outcome = await gateway().charge(charge);

        expect(outcome).toMatchObject({ outcome: 'ambiguous' });
        expect(await pg().readState(charge.reference)).toMatchObject({ captured: [12_500] });
      },
    );

    it('returns ambiguous for an undocumented code', async () => {
      const outcome = await gateway().charge(aCharge('unlisted-code'));

      expect(outcome).toMatchObject({ outcome: 'ambiguous' });
    });

    it.each([
      ['before', 'timeout-before-effect', []],
      ['after', 'timeout-after-effect', [12_500]],
    ] as const)(
      'returns ambiguous after a timeout %s the effect',
      async (_when, scenario, captured) => {
        const charge = aCharge(scenario);

        const pending = gateway().charge(charge);
        await waitForState(charge.reference, { requests: 1 });
        pg().timers.advance(pg().timeoutMs);

        expect(await pending).toMatchObject({ outcome: 'ambiguous' });
        expect(await pg().readState(charge.reference)).toMatchObject({ requests: 1, captured });
      },
    );
  });
};
