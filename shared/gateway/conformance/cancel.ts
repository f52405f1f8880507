import { describe, expect, it } from 'vitest';
import type { Harness } from './harness.ts';

/** What the port promises of `cancel`. */
export const describeCancel = ({ pg, gateway, aCharge }: Harness): void => {
  describe('cancelling', () => {
    it('says cancelled only of what can never be charged again', async () => {
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

    it('says already captured, and leaves the money where it is', async () => {
      const charge = aCharge('approve');
      await gateway().charge(charge);

      expect(await gateway().cancel(charge)).toMatchObject({ outcome: 'already-captured' });
      expect(await pg().readState(charge.reference)).toMatchObject({ captured: [12_500] });
    });

    it('says in progress while the PG works', async () => {
      const charge = aCharge('in-progress');
      await gateway().charge(charge);

      expect(await gateway().cancel(charge)).toEqual({ outcome: 'in-progress' });
    });
  });
};
