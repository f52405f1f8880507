import { beforeEach, describe, expect, it } from 'vitest';
import type { Harness } from './harness.ts';

/** The contract of a payment method that the gateway's window gives to the buyer. */
export const describeWindow = ({ pg, gateway, aCharge }: Harness): void => {
  describe('window', () => {
    beforeEach(({ skip }) => skip(!pg().openWindow, 'The gateway has no window.'));

    it('gives a payment method that pays the reference and amount it was opened with', async () => {
      const { paymentMethod: _direct, ...charge } = aCharge('approve');
      const { reference, amount, currency } = charge;
      const paymentMethod = (await pg().openWindow?.({ reference, amount, currency })) ?? '';

      expect(await gateway().charge({ ...charge, paymentMethod })).toMatchObject({
        outcome: 'approved',
        captured: 12_500,
      });
      expect(await pg().readState(reference)).toMatchObject({ captured: [12_500] });
    });
  });
};
