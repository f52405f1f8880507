import { describe, expect, it } from 'vitest';
import type { PaymentGateway } from '../payment-gateway.ts';
import {
  answering,
  type BrokenPg,
  brokenPg,
  deadUrl,
  endless,
  resettingPort,
} from './faulty-gateway.ts';
import type { Bench } from './harness.ts';

/** What the port promises of every call when the PG or the way to it fails. */
export const describeBreaking = ({ pg, aCharge, aRefund }: Bench): void => {
  describe('when the network or the PG breaks', () => {
    /** Each call of the port, so that none is believed more than the others. */
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

    it('says not sent when the connection is refused', async () => {
      const unreachable = pg().gatewayTo(deadUrl);

      for (const call of calls()) {
        expect(await call(unreachable)).toMatchObject({ outcome: 'not-sent' });
      }
    });

    it('says not sent when the name cannot be resolved', async () => {
      // A label longer than DNS allows: refused by the resolver itself, without a network.
      const unknown = pg().gatewayTo(`http://${'x'.repeat(64)}.invalid`);

      expect(await unknown.charge(aCharge('approve'))).toMatchObject({ outcome: 'not-sent' });
    });

    it('says not sent when time is up before the connection stands', async () => {
      const silent = await brokenPg(() => undefined);
      const pending = pg().gatewayTo(silent.url).charge(aCharge('approve'));

      pg().timers.advance(pg().timeoutMs);

      expect(await pending).toMatchObject({ outcome: 'not-sent' });
      expect(silent.requests()).toBe(0);
      await silent.close();
    });

    it('says not sent when the secure connection breaks before it is trusted', async () => {
      const { port, close } = await resettingPort();

      const outcome = await pg().gatewayTo(`https://127.0.0.1:${port}`).charge(aCharge('approve'));

      expect(outcome).toMatchObject({ outcome: 'not-sent' });
      await close();
    });

    const unclear: [string, Parameters<typeof brokenPg>[0]][] = [
      ['a reset after the request was sent', (response) => response.socket?.resetAndDestroy()],
      ['a connection that is closed without an answer', (response) => response.destroy()],
      [
        'a body that breaks off',
        (response) => {
          response.writeHead(200, { 'content-length': 1_000 });
          response.write('{"status":"app', () => response.destroy());
        },
      ],
      ['an empty 200', answering(200, '')],
      ['a 204', answering(204, '')],
      ['a 200 with another shape', answering(200, { ok: true })],
      ['a 200 that is no JSON', answering(200, '<html>')],
      ['a 200 with null', answering(200, null)],
      ['a 200 with an endless body', endless],
      [
        'a redirect',
        (response) => response.writeHead(307, { location: `${pg().url}/charges` }).end(),
      ],
      ['a 404 that is not of the PG', answering(404, { message: 'no such route' })],
      ['a 408', answering(408, '')],
      ['a 409 without a reason', answering(409, '')],
      ['a 500', answering(500, '')],
      ['a 502 with a page', answering(502, '<html>Bad gateway</html>')],
      ['a 503', answering(503, { code: 'unavailable' })],
      ['a refusal inside a 500', answering(500, { code: 'insufficient_funds', message: 'no' })],
    ];

    it.each(unclear)('says ambiguous to %s, and sends once', async (_what, fail) => {
      for (const call of calls()) {
        const broken: BrokenPg = await brokenPg(fail);

        expect(await call(pg().gatewayTo(broken.url))).toMatchObject({ outcome: 'ambiguous' });
        expect(broken.requests()).toBe(1);
        await broken.close();
      }
    });

    it('says ambiguous when time is up in the middle of the body', async () => {
      const stalling = await brokenPg((response) => {
        response.writeHead(200, { 'content-length': 1_000 });
        response.write('{"status":"app');
      });
      const pending = pg().gatewayTo(stalling.url).charge(aCharge('approve'));

      await stalling.reached;
      pg().timers.advance(pg().timeoutMs);

      expect(await pending).toMatchObject({ outcome: 'ambiguous' });
      await stalling.close();
    });

    it.each<[string, Parameters<typeof brokenPg>[0]]>([
      ['a 401', answering(401, '')],
      ['a 401 with a page', answering(401, '<html>Unauthorized</html>')],
      ['a 403', answering(403, '')],
    ])('says not sent for its credentials to %s, and sends once', async (_what, fail) => {
      for (const call of calls()) {
        const refusing: BrokenPg = await brokenPg(fail);

        expect(await call(pg().gatewayTo(refusing.url))).toMatchObject({
          outcome: 'not-sent',
          cause: 'credentials',
        });
        expect(refusing.requests()).toBe(1);
        await refusing.close();
      }
    });

    it('says not sent to a 429, which took nothing', async () => {
      const busy = await brokenPg(answering(429, ''));

      for (const call of calls()) {
        expect(await call(pg().gatewayTo(busy.url))).toMatchObject({ outcome: 'not-sent' });
      }
      await busy.close();
    });
  });
};
