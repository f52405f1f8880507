import { describe, expect, it } from 'vitest';
import type { Bench } from './bench.ts';

/** What the port promises of `cancel` and `refund`. */
export const describeUndoing = ({ pg, gateway, aCharge, aRefund }: Bench): void => {
  describe('cancelling', () => {
    it('says cancelled only of what can never be charged again', async () => {
      const charge = aCharge('approve');
      const closes = pg().cancelsUncharged === 'cancelled';

      const first = await gateway().cancel(charge);
      const again = await gateway().cancel(charge);
      const outcome = await gateway().charge(charge);

      expect([first.outcome, again.outcome]).toEqual(Array(2).fill(pg().cancelsUncharged));
      expect(outcome.outcome === 'approved').toBe(!closes);
      expect(await gateway().inquire(charge)).toMatchObject({
        outcome: closes ? 'not-found' : 'approved',
      });
      expect(await pg().books(charge.reference)).toMatchObject({
        captured: closes ? [] : [12_500],
      });
    });

    it('says already captured, and leaves the money where it is', async () => {
      const charge = aCharge('approve');
      await gateway().charge(charge);

      expect(await gateway().cancel(charge)).toMatchObject({ outcome: 'already-captured' });
      expect(await pg().books(charge.reference)).toMatchObject({ captured: [12_500] });
    });

    it('says in progress while the PG works', async () => {
      const charge = aCharge('in-progress');
      await gateway().charge(charge);

      expect(await gateway().cancel(charge)).toEqual({ outcome: 'in-progress' });
    });
  });

  describe('refunding', () => {
    it('pays back once for a key, in parts up to what was captured', async () => {
      const charge = aCharge('approve');
      await gateway().charge(charge);
      const part = aRefund(charge, 2_500);

      const first = await gateway().refund(part);
      const again = await gateway().refund(part);
      const rest = await gateway().refund(aRefund(charge, 10_000));

      expect(first).toMatchObject({ outcome: 'refunded', refundId: expect.any(String) });
      expect(again).toEqual(first);
      expect(rest).toMatchObject({ outcome: 'refunded' });
      expect(await pg().books(charge.reference)).toMatchObject({ refunded: [2_500, 10_000] });
    });

    it('declines what is more than is left', async () => {
      const charge = aCharge('approve');
      await gateway().charge(charge);
      await gateway().refund(aRefund(charge, 12_000));

      expect(await gateway().refund(aRefund(charge, 501))).toMatchObject({ outcome: 'declined' });
      expect(await pg().books(charge.reference)).toMatchObject({ refunded: [12_000] });
    });

    it('pays nothing back when nothing was captured', async () => {
      const charge = aCharge('approve');

      const { outcome } = await gateway().refund(aRefund(charge, 1));

      // Not sent, where the charge might only be missing from an index.
      expect(['declined', 'not-sent']).toContain(outcome);
      expect(await pg().books(charge.reference)).toMatchObject({ refunded: [] });
    });

    it('pays back as well when the PG id of the charge is known', async () => {
      const charge = aCharge('approve');
      const charged = await gateway().charge(charge);
      const transactionId = charged.outcome === 'approved' ? charged.transactionId : '';

      const outcome = await gateway().refund({ ...aRefund(charge, 2_500), transactionId });

      expect(outcome).toMatchObject({ outcome: 'refunded' });
      expect(await pg().books(charge.reference)).toMatchObject({ refunded: [2_500] });
    });
  });
};
