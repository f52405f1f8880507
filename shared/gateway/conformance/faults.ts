import { describe, expect, it } from 'vitest';
import type { PaymentGateway } from '../payment-gateway.ts';
import {
  type FaultyGateway,
  openResettingPort,
  respondWith,
  respondWithoutEnd,
  startFaultyGateway,
  unreachableUrl,
} from './faulty-gateway.ts';
import type { Harness } from './harness.ts';

/** The contract of every call if the gateway or the network fails. */
export const describeFaults = ({ pg, aCharge, aRefund }: Harness): void => {
  describe('network and gateway faults', () => {
    /** Each call of the port, since the contract is the same for all. */
    const calls = (): ((to: PaymentGateway) => Promise<{ outcome: string }>)[] => {
      const charge = aCharge('approve');
      const refund = aRefund(charge, 1);

      return [
        (to) => to.charge(charge),
        (to) => to.inquire(charge),
        (to) => to.cancel(charge),
        (to) => to.refund(refund),
        (to) => to.inquireRefund(refund),
      ];
    };

    it('returns not-sent if the connection is refused', async () => {
      const unreachable = pg().gatewayAt(unreachableUrl);

      for (const call of calls()) {
        expect(await call(unreachable)).toMatchObject({ outcome: 'not-sent' });
      }
    });

    it('returns not-sent if the host name cannot be resolved', async () => {
      // A label longer than DNS allows: the resolver rejects it without a network.
      const unknown = pg().gatewayAt(`http://${'x'.repeat(64)}.invalid`);

      expect(await unknown.charge(aCharge('approve'))).toMatchObject({ outcome: 'not-sent' });
    });

    it('returns not-sent if the deadline passes before the connection is established', async () => {
      const silent = await startFaultyGateway(() => undefined);
      const pending = pg().gatewayAt(silent.url).charge(aCharge('approve'));

      pg().timers.advance(pg().timeoutMs);

      expect(await pending).toMatchObject({ outcome: 'not-sent' });
      expect(silent.requests()).toBe(0);
      await silent.close();
    });

    it('returns not-sent if the TLS handshake fails', async () => {
      const { port, close } = await openResettingPort();

      const outcome = await pg().gatewayAt(`https://127.0.0.1:${port}`).charge(aCharge('approve'));

      expect(outcome).toMatchObject({ outcome: 'not-sent' });
      await close();
    });

    const ambiguousFaults: [string, Parameters<typeof startFaultyGateway>[0]][] = [
      ['a reset after the request was sent', (response) => response.socket?.resetAndDestroy()],
      ['a connection closed without a response', (response) => response.destroy()],
      [
        'a truncated body',
        (response) => {
          response.writeHead(200, { 'content-length': 1_000 });
          response.write('{"status":"app', () => response.destroy());
        },
      ],
      ['an empty 200', respondWith(200, '')],
      ['a 204', respondWith(204, '')],
      ['a 200 with an unexpected format', respondWith(200, { ok: true })],
      ['a 200 that is not valid JSON', respondWith(200, '<html>')],
      ['a 200 with null', respondWith(200, null)],
      ['a 200 with an endless body', respondWithoutEnd],
      [
        'a redirect',
        (response) => response.writeHead(307, { location: `${pg().url}/charges` }).end(),
      ],
      ['a 404 from a proxy', respondWith(404, { message: 'no such route' })],
      ['a 408', respondWith(408, '')],
      ['a 409 without a reason', respondWith(409, '')],
      ['a 500', respondWith(500, '')],
      ['a 502 with an HTML page', respondWith(502, '<html>Bad gateway</html>')],
      ['a 503', respondWith(503, { code: 'unavailable' })],
      [
        'a decline code inside a 500',
        respondWith(500, { code: 'insufficient_funds', message: 'no' }),
      ],
    ];

    it.each(ambiguousFaults)('returns ambiguous for %s and sends once', async (_what, fail) => {
      for (const call of calls()) {
        const faulty: FaultyGateway = await startFaultyGateway(fail);

        expect(await call(pg().gatewayAt(faulty.url))).toMatchObject({ outcome: 'ambiguous' });
        expect(faulty.requests()).toBe(1);
        await faulty.close();
      }
    });

    it('returns ambiguous if the deadline passes during the body', async () => {
      const stalling = await startFaultyGateway((response) => {
        response.writeHead(200, { 'content-length': 1_000 });
        response.write('{"status":"app');
      });
      const pending = pg().gatewayAt(stalling.url).charge(aCharge('approve'));

      await stalling.reached;
      pg().timers.advance(pg().timeoutMs);

      expect(await pending).toMatchObject({ outcome: 'ambiguous' });
      await stalling.close();
    });

    it.each<[string, Parameters<typeof startFaultyGateway>[0]]>([
      ['a 401', respondWith(401, '')],
      ['a 401 with an HTML page', respondWith(401, '<html>Unauthorized</html>')],
      ['a 403', respondWith(403, '')],
    ])('returns not-sent with cause credentials for %s and sends once', async (_what, fail) => {
      for (const call of calls()) {
        const rejecting: FaultyGateway = await startFaultyGateway(fail);

        expect(await call(pg().gatewayAt(rejecting.url))).toMatchObject({
          outcome: 'not-sent',
          cause: 'credentials',
        });
        expect(rejecting.requests()).toBe(1);
        await rejecting.close();
      }
    });

    it('returns not-sent for a 429', async () => {
      const busy = await startFaultyGateway(respondWith(429, ''));

      for (const call of calls()) {
        expect(await call(pg().gatewayAt(busy.url))).toMatchObject({ outcome: 'not-sent' });
      }
      await busy.close();
    });
  });
};
