import { describe, expect, it } from 'vitest';
import type { Harness } from './harness.ts';

/** What the port promises of `charge`. */
export const describeCharge = ({ pg, gateway, aCharge, waitForState }: Harness): void => {
  describe('charging', () => {
    it('captures what was asked for, once', async () => {
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

    it('says declined, with the documented code, when nothing was captured', async () => {
      const charge = aCharge('decline');

      const outcome = await gateway().charge(charge);

      expect(outcome).toMatchObject({ outcome: 'declined', code: pg().declineCode });
      expect(await pg().readState(charge.reference)).toMatchObject({ captured: [] });
    });

    it('gives the same answer to the same key, and captures once', async () => {
      const charge = aCharge('approve');

      const first = await gateway().charge(charge);
      const second = await gateway().charge(charge);

      expect(second).toEqual(first);
      expect(await pg().readState(charge.reference)).toMatchObject({ captured: [12_500] });
    });

    it('captures once for a key that is sent ten times at once', async () => {
      const charge = aCharge('approve');

      const outcomes = await Promise.all(
        Array.from({ length: 10 }, () => gateway().charge(charge)),
      );

      expect(new Set(outcomes.map((each) => JSON.stringify(each))).size).toBe(1);
      expect(await pg().readState(charge.reference)).toMatchObject({ captured: [12_500] });
    });

    it('does not take the refusal of a reused key for the refusal of the charge', async () => {
      const charge = aCharge('approve');
      await gateway().charge(charge);

      const outcome = await gateway().charge({ ...charge, amount: 1 });

      // Who compares bodies refuses it; who does not answers with the charge as it was.
      expect(['ambiguous', 'mismatch']).toContain(outcome.outcome);
      expect(await pg().readState(charge.reference)).toMatchObject({ captured: [12_500] });
    });

    it('says mismatch when the amount is off by one, and names both', async () => {
      const charge = aCharge('wrong-amount');

      const outcome = await gateway().charge(charge);

      expect(outcome).toMatchObject({
        outcome: 'mismatch',
        differences: [expect.stringMatching(/12500.*12501/)],
      });
    });

    it('says in progress while the PG works, and approved afterwards', async () => {
      const charge = aCharge('in-progress');

      const meanwhile = await gateway().charge(charge);
      pg().timers.advance(pg().settledAfterMs);
      const afterwards = await gateway().charge(charge);

      expect(meanwhile).toEqual({ outcome: 'in-progress' });
      expect(afterwards).toMatchObject({ outcome: 'approved' });
    });

    it.each([
      ['an error', 'error-after-effect'],
      ['an unreadable body', 'garbage-after-effect'],
    ] as const)('says ambiguous to %s, though the money was captured', async (_what, scenario) => {
      const charge = aCharge(scenario);

      const outcome = await gateway().charge(charge);

      expect(outcome).toMatchObject({ outcome: 'ambiguous' });
      expect(await pg().readState(charge.reference)).toMatchObject({ captured: [12_500] });
    });

    it('says ambiguous to a code that the PG does not document', async () => {
      const outcome = await gateway().charge(aCharge('unlisted-code'));

      expect(outcome).toMatchObject({ outcome: 'ambiguous' });
    });

    it.each([
      ['before', 'timeout-before-effect', []],
      ['after', 'timeout-after-effect', [12_500]],
    ] as const)('says ambiguous to a silence %s the effect', async (_when, scenario, captured) => {
      const charge = aCharge(scenario);

      const pending = gateway().charge(charge);
      await waitForState(charge.reference, { requests: 1 });
      pg().timers.advance(pg().timeoutMs);

      expect(await pending).toMatchObject({ outcome: 'ambiguous' });
      expect(await pg().readState(charge.reference)).toMatchObject({ requests: 1, captured });
    });
  });
};
