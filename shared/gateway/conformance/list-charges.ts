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

/** What is promised of a PG's own list of charges. */
export const describeChargeList = ({
  pg,
  gateway,
  aCharge,
  aRefund,
  approvedCharge,
}: Harness): void => {
  describe('listing charges', () => {
    const listedBy = async (url: string): Promise<GatewayCharge[]> => {
      const found = await Array.fromAsync(pg().chargeListAt(url).charges());

      return found.sort((a, b) => (a.reference < b.reference ? -1 : 1));
    };
    const listed = () => listedBy(pg().url);

    it('lists what was captured and what of it was paid back, and nothing else', async () => {
      const capturedCharge = aCharge('error-after-effect');
      await gateway().charge(capturedCharge);
      await gateway().charge(aCharge('decline'));
      const refunded = await approvedCharge('approve');
      await gateway().refund(aRefund(refunded, 2_500));
      await gateway().refund(aRefund(refunded, 1_000));
      const fullyRefunded = await approvedCharge('approve');
      await gateway().refund(aRefund(fullyRefunded, 12_500));

      const captured = { currency: 'KRW', captured: 12_500, captures: 1 };
      expect(await listed()).toEqual(
        [
          { reference: capturedCharge.reference, ...captured, refunded: 0 },
          { reference: refunded.reference, ...captured, refunded: 3_500 },
          { reference: fullyRefunded.reference, ...captured, refunded: 12_500 },
        ].sort((a, b) => (a.reference < b.reference ? -1 : 1)),
      );
    });

    it('tells of a reference that was captured twice', async () => {
      const charge = await approvedCharge('approve');
      const paymentMethod = pg().paymentMethod('approve', charge);
      await gateway().charge({ ...charge, key: `chg:${charge.reference}:2`, paymentMethod });

      expect(await listed()).toMatchObject([
        { reference: charge.reference, captured: 25_000, captures: 2 },
      ]);
    });

    it('lists what was captured once the PG is done with it', async () => {
      await gateway().charge(aCharge('in-progress'));

      const meanwhile = await listed();
      pg().timers.advance(pg().settledAfterMs);

      expect(meanwhile).toEqual([]);
      expect(await listed()).toMatchObject([{ captured: 12_500 }]);
    });

    it('lists every page', async () => {
      const charges = [];
      for (let made = 0; made < 5; made += 1) charges.push(await approvedCharge('approve'));

      const references = (await listed()).map(({ reference }) => reference);
      expect(references).toEqual(charges.map(({ reference }) => reference).sort());
    });

    it.each([
      ['says 500', respondWith(500, '')],
      ['asks for patience', respondWith(429, '')],
      ['does not know us', respondWith(401, { error: { message: 'no' } })],
      ['says something else', respondWith(200, { ok: true })],
      ['says nothing that can be read', respondWith(200, '<html>')],
      ['never ends', respondWithoutEnd],
    ])('throws an outage where the PG %s', async (_what, fail) => {
      const faulty = await startFaultyGateway(fail);

      await expect(listedBy(faulty.url)).rejects.toThrow(ServiceUnavailableError);
      await faulty.close();
    });

    it('throws an outage where nobody listens, or nobody answers in time', async () => {
      const silent = await startFaultyGateway(() => undefined);
      const waiting = listedBy(silent.url);
      const given = expect(waiting).rejects.toThrow(ServiceUnavailableError);

      await silent.reached;
      pg().timers.advance(pg().timeoutMs);

      await given;
      await expect(listedBy(unreachableUrl)).rejects.toThrow(ServiceUnavailableError);
      await silent.close();
    });
  });
};
