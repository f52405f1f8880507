import { describe, expect, it } from 'vitest';
import { ServiceUnavailableError } from '../../domain/errors.ts';
import type { GatewayCharge } from '../../domain/reconciliation/records.ts';
import {
  respondWith,
  respondWithoutEnd,
  startFaultyGateway,
  unreachableUrl,
} from './faulty-gateway.ts';
import type { Harness } from './harness.ts';

/** The contract of a gateway's charge list. */
export const describeChargeList = ({
  pg,
  gateway,
  aCharge,
  aRefund,
  approvedCharge,
}: Harness): void => {
  describe('list charges', () => {
    const listAt = async (url: string): Promise<GatewayCharge[]> => {
      const found = await Array.fromAsync(pg().chargeListAt(url).charges());

      return found.sort((a, b) => (a.reference < b.reference ? -1 : 1));
    };
    const list = () => listAt(pg().url);

    it('lists captures with their refunded amounts and nothing else', async () => {
      const capturedCharge = aCharge('error-after-effect');
      await gateway().charge(capturedCharge);
      await gateway().charge(aCharge('decline'));
      const refunded = await approvedCharge('approve');
      await gateway().refund(aRefund(refunded, 2_500));
      await gateway().refund(aRefund(refunded, 1_000));
      const fullyRefunded = await approvedCharge('approve');
      await gateway().refund(aRefund(fullyRefunded, 12_500));

      const captured = { currency: 'KRW', captured: 12_500, captures: 1 };
      expect(await list()).toEqual(
        [
          { reference: capturedCharge.reference, ...captured, refunded: 0 },
          { reference: refunded.reference, ...captured, refunded: 3_500 },
          { reference: fullyRefunded.reference, ...captured, refunded: 12_500 },
        ].sort((a, b) => (a.reference < b.reference ? -1 : 1)),
      );
    });

    it('counts two captures of one reference, unless the gateway refuses the second', async () => {
      const charge = await approvedCharge('approve');
      const paymentMethod = pg().paymentMethod('approve', charge);
      await gateway().charge({ ...charge, key: `chg:${charge.reference}:2`, paymentMethod });
      const captures = pg().refusesPaidReferences ? 1 : 2;

      expect(await list()).toMatchObject([
        { reference: charge.reference, captured: captures * 12_500, captures },
      ]);
    });

    it('lists a pending charge once it is captured', async () => {
      await gateway().charge(aCharge('in-progress'));

      const early = await list();
      pg().timers.advance(pg().settledAfterMs);

      expect(early).toEqual([]);
      expect(await list()).toMatchObject([{ captured: 12_500 }]);
    });

    it('lists every page', async () => {
      const charges = [];
      for (let made = 0; made < 5; made += 1) charges.push(await approvedCharge('approve'));

      const references = (await list()).map(({ reference }) => reference);
      expect(references).toEqual(charges.map(({ reference }) => reference).sort());
    });

    it.each([
      ['status 500', respondWith(500, '')],
      ['status 429', respondWith(429, '')],
      ['rejected credentials', respondWith(401, { error: { message: 'no' } })],
      ['an unexpected format', respondWith(200, { ok: true })],
      ['an unreadable body', respondWith(200, '<html>')],
      ['an endless body', respondWithoutEnd],
    ])('throws ServiceUnavailableError for %s', async (_what, fail) => {
      const faulty = await startFaultyGateway(fail);

      await expect(listAt(faulty.url)).rejects.toThrow(ServiceUnavailableError);
      await faulty.close();
    });

    it('throws ServiceUnavailableError if the gateway is unreachable or times out', async () => {
      const silent = await startFaultyGateway(() => undefined);
      const pending = listAt(silent.url);
      const rejection = expect(pending).rejects.toThrow(ServiceUnavailableError);

      await silent.reached;
      pg().timers.advance(pg().timeoutMs);

      await rejection;
      await expect(listAt(unreachableUrl)).rejects.toThrow(ServiceUnavailableError);
      await silent.close();
    });
  });
};
