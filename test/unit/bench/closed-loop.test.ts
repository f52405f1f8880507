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
  it('reads a status whether the response has a length or chunks, in one part or several', async () => {
    const responses = [
      ['HTTP/1.1 202 Accepted\r\ncontent-length: 2\r\n\r\n{', '}'],
      // The head ends like a last chunk.
      [
        'HTTP/1.1 500 Error\r\ntransfer-encoding: chunked\r\nkeep-alive: timeout=120\r\n\r\n',
        '2\r\n{}\r\n',
        '0\r\n\r\n',
      ],
      ['HTTP/1.1 409 Conflict\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'],
    ];
    let turn = 0;
    const url = await listen(({ socket }) => {
      const parts = responses[turn] ?? [];
      turn += 1;
      // Later than the rest of the response before, if that was taken for complete.
      for (const [index, part] of parts.entries())
        setTimeout(() => socket.write(part), 100 + 20 * index);
    });
    const connection = await openHttpConnection(url);
    const statuses: number[] = [];
    for (const _ of responses) statuses.push(await connection.post('/', {}, '{}'));

    expect(statuses).toEqual([202, 500, 409]);
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
