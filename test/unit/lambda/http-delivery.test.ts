import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { systemTimers } from '../../../shared/config/system-clock.ts';
import { DeliveryFailedError, postWithDeadline } from '../../../shared/lambda/http-delivery.ts';
import { startHttpReceiver } from '../../support/fakes/http-receiver.ts';

/** Not reached if a receiver responds. */
const longDeadlineMs = 30_000;
const shortDeadlineMs = 50;

let close: (() => Promise<void>) | undefined;

const startReceiver = async (answer?: RequestListener) => {
  const receiver = await startHttpReceiver(answer);
  close = receiver.close;

  return receiver;
};

const post = (url: string, deadlineMs = longDeadlineMs) =>
  postWithDeadline(
    deadlineMs,
    systemTimers,
  )({ url, headers: { 'content-type': 'text/plain' }, body: 'hello' });

afterEach(async () => {
  await close?.();
  close = undefined;
});

describe('POST to an external system', () => {
  it('delivers when the receiver confirms', async () => {
    const { url, received } = await startReceiver();

    await post(url);

    expect(received).toEqual([
      {
        method: 'POST',
        headers: expect.objectContaining({ 'content-type': 'text/plain' }),
        body: 'hello',
      },
    ]);
  });

  it.each([200, 202, 204])('counts a %i as delivered', async (status) => {
    const { url } = await startReceiver((_, response) => response.writeHead(status).end());

    await expect(post(url)).resolves.toBeUndefined();
  });

  it.each([301, 307, 400, 404, 409, 429, 500, 503])('counts a %i as failed', async (status) => {
    const { url, received } = await startReceiver((_, response) =>
      response.writeHead(status, { location: '/elsewhere' }).end(),
    );

    await expect(post(url)).rejects.toThrow(`responded ${status}`);
    expect(received).toHaveLength(1);
  });

  it('waits for a response until its deadline', async () => {
    const { url, received } = await startReceiver(() => {});

    await expect(post(url, shortDeadlineMs)).rejects.toThrow(
      `no response within ${shortDeadlineMs} ms`,
    );
    // On a slow machine the deadline can pass before the request arrives.
    expect(received.length).toBeLessThanOrEqual(1);
  });

  it('takes its deadline from the given timers and cancels it after the response', async () => {
    const { url } = await startReceiver();
    const delays: number[] = [];
    let cancelled = 0;
    const timers = {
      now: () => new Date(0),
      after: (delayMs: number, then: () => void) => {
        delays.push(delayMs);
        if (delayMs === 1) then();

        return () => {
          cancelled += 1;
        };
      },
    };
    const request = { headers: {}, body: 'hello' };

    await postWithDeadline(longDeadlineMs, timers)({ ...request, url });
    await expect(postWithDeadline(1, timers)({ ...request, url })).rejects.toThrow(
      'no response within 1 ms',
    );

    expect(delays).toEqual([longDeadlineMs, 1]);
    expect(cancelled).toBe(2);
  });

  it('does not wait for the end of the response body', async () => {
    const { url } = await startReceiver((_, response) => {
      response.writeHead(200);
      response.write('still');
    });

    await expect(post(url)).resolves.toBeUndefined();
  });

  it('fails if the connection is refused', async () => {
    const { url, close: leave } = await startHttpReceiver();
    await leave();

    await expect(post(url)).rejects.toThrow('connection failed');
  });

  it('fails if the receiver closes the connection', async () => {
    const { url } = await startReceiver((request) => request.socket.destroy());

    await expect(post(url)).rejects.toThrow(DeliveryFailedError);
  });
});
