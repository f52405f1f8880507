import { describe, expect, it } from 'vitest';
import type { Harness } from './harness.ts';

/** The contract of `cancel`. */
export const describeCancel = ({ pg, gateway, aCharge }: Harness): void => {
  describe('cancel', () => {
    it('returns cancelled only if the charge can never be captured later', async () => {
      const charge = aCharge('approve');
      const closes = pg().unchargedCancelOutcome === 'cancelled';

      const first = await gateway().cancel(charge);
      const again = await gateway().cancel(charge);
      const outcome = await gateway().charge(charge);

      expect([first.outcome, again.outcome]).toEqual(Array(2).fill(pg().unchargedCancelOutcome));
      expect(outcome.outcome === 'approved').toBe(!closes);
      expect(await gateway().inquire(charge)).toMatchObject({
        outcome: closes ? 'not-found' : 'approved',
      });
      expect(await pg().readState(charge.reference)).toMatchObject({
        captured: closes ? [] : [12_500],
      });
    });

    it('returns already-captured and does not refund', async () => {
      const charge = aCharge('approve');
      await gateway().charge(charge);

      expect(await gateway().cancel(charge)).toMatchObject({ outcome: 'already-captured' });
      expect(await pg().readState(charge.reference)).toMatchObject({ captured: [12_500] });
    });

    it('returns in-progress while the gateway is processing', async () => {
      const charge = aCharge('in-progress');
      await gateway().charge(charge);

      expect(await gateway().cancel(charge)).toEqual({ outcome: 'in-progress' });
    });
  });
};
