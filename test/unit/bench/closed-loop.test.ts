import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { runClosedLoop } from '../../bench/load/closed-loop.ts';
import { openHttpConnection } from '../../bench/load/http-connection.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const listen = async (listener: RequestListener) => {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));

  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
};

describe('connection of the lighter load generator', () => {
  it('reads a status whether the response has a length, chunks or parts', async () => {
    const url = await listen(async (request, response) => {
      const { kind } = (await json(request)) as { kind: string };
      if (kind === 'length') response.writeHead(202, { 'content-length': 2 }).end('{}');
      if (kind === 'chunks') response.writeHead(409).end('{"more":"é"}');
      if (kind !== 'parts') return;
      // The head ends like a last chunk.
      response.writeHead(500, { 'x-last': '120' }).flushHeaders();
      await pause(20);
      response.write('{');
      await pause(20);
      response.end('}');
    });
    const connection = await openHttpConnection(url);
    const statusOf = (kind: string) => connection.post('/', {}, JSON.stringify({ kind }));

    expect(await statusOf('length')).toBe(202);
    expect(await statusOf('parts')).toBe(500);
    expect(await statusOf('chunks')).toBe(409);
    connection.close();
  });

  it('rejects if the server closes it', async () => {
    const connection = await openHttpConnection(await listen(({ socket }) => socket.destroy()));

    await expect(connection.post('/', {}, '')).rejects.toThrow('closed');
  });
});

describe('closed loop', () => {
  const settings = {
    users: 2,
    buyers: 3,
    paymentMethod: 'sim_approve',
    balanceAmount: 100,
    accepted: 202,
    warmUpS: 0.1,
    windowS: 0.2,
  };

  it('pays an order after the other with each user, and counts what is answered in the window', async () => {
    const seen: { buyer: unknown; key: unknown; orderId: string }[] = [];
    const url = await listen(async (request, response) => {
      const { orderId } = (await json(request)) as { orderId: string };
      seen.push({
        buyer: request.headers['x-buyer'],
        key: request.headers['idempotency-key'],
        orderId,
      });
      await pause(10);
      response.writeHead(orderId.endsWith('5') ? 409 : 202).end('{}');
    });

    const observed = await runClosedLoop({ ...settings, url });

    expect(seen[4]).toEqual({ buyer: 'buyer-1', key: 'key-4', orderId: 'order-4' });
    expect(observed.refused).toBeGreaterThan(0);
    expect(observed.answered).toBeGreaterThan(0);
    // The others were in the warm-up.
    expect(observed.answered + observed.refused).toBeLessThan(observed.requests);
    expect(observed.latencyMs?.min).toBeGreaterThanOrEqual(9);
  });

  it('abandons at the end what is not answered', async () => {
    const observed = await runClosedLoop({ ...settings, url: await listen(() => {}) });

    expect(observed).toMatchObject({ answered: 0, refused: 0, requests: 0 });
  });

  it('throws if the server breaks a connection before the end', async () => {
    const url = await listen(({ socket }) => socket.destroy());

    await expect(runClosedLoop({ ...settings, url })).rejects.toThrow('2 connections broke');
  });
});
