import { describe, expect, it } from 'vitest';
import { Outage } from '../../domain/errors.ts';
import type { BookedCharge } from '../../domain/reconciliation/records.ts';
import { answering, brokenPg, deadUrl, endless } from './faulty-gateway.ts';
import type { Bench } from './harness.ts';

/** What is promised of a PG's own list of charges. */
export const describeListing = ({ pg, gateway, aCharge, aRefund, charged }: Bench): void => {
  describe('listing charges', () => {
    const listedBy = async (url: string): Promise<BookedCharge[]> => {
      const found = await Array.fromAsync(pg().ledgerTo(url).charges());

      return found.sort((a, b) => (a.reference < b.reference ? -1 : 1));
    };
    const listed = () => listedBy(pg().url);

    it('lists what was captured and what of it was paid back, and nothing else', async () => {
      const kept = aCharge('error-after-effect');
      await gateway().charge(kept);
      await gateway().charge(aCharge('decline'));
      const refunded = await charged('approve');
      await gateway().refund(aRefund(refunded, 2_500));
      await gateway().refund(aRefund(refunded, 1_000));
      const whole = await charged('approve');
      await gateway().refund(aRefund(whole, 12_500));

      const captured = { currency: 'KRW', captured: 12_500, captures: 1 };
      expect(await listed()).toEqual(
        [
          { reference: kept.reference, ...captured, refunded: 0 },
          { reference: refunded.reference, ...captured, refunded: 3_500 },
          { reference: whole.reference, ...captured, refunded: 12_500 },
        ].sort((a, b) => (a.reference < b.reference ? -1 : 1)),
      );
    });

    it('tells of a reference that was captured twice', async () => {
      const charge = await charged('approve');
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
      for (let made = 0; made < 5; made += 1) charges.push(await charged('approve'));

      const references = (await listed()).map(({ reference }) => reference);
      expect(references).toEqual(charges.map(({ reference }) => reference).sort());
    });

    it.each([
      ['says 500', answering(500, '')],
      ['asks for patience', answering(429, '')],
      ['does not know us', answering(401, { error: { message: 'no' } })],
      ['says something else', answering(200, { ok: true })],
      ['says nothing that can be read', answering(200, '<html>')],
      ['never ends', endless],
    ])('throws an outage where the PG %s', async (_what, fail) => {
      const broken = await brokenPg(fail);

      await expect(listedBy(broken.url)).rejects.toThrow(Outage);
      await broken.close();
    });

    it('throws an outage where nobody listens, or nobody answers in time', async () => {
      const silent = await brokenPg(() => undefined);
      const waiting = listedBy(silent.url);
      const given = expect(waiting).rejects.toThrow(Outage);

      await silent.reached;
      pg().timers.advance(pg().timeoutMs);

      await given;
      await expect(listedBy(deadUrl)).rejects.toThrow(Outage);
      await silent.close();
    });
  });
};
