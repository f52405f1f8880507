import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { startSimulator } from '../../../dev/local/simulator-server.ts';
import { startSinks } from '../../../dev/local/sinks-server.ts';
import { systemTimers } from '../../../shared/config/system-clock.ts';
import { createManualTimers } from '../../../shared/gateway/conformance/manual-timers.ts';
import { sendHttp } from '../../../shared/gateway/http-exchange.ts';
import { createSimulatorGateway } from '../../../shared/gateway/simulator/adapter.ts';
import { eventually } from '../../support/eventually.ts';

const running: { close(): Promise<void> }[] = [];
const closeAfterTest = async <S extends { close(): Promise<void> }>(
  starting: Promise<S>,
): Promise<S> => {
  const server = await starting;
  running.push(server);

  return server;
};
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

const postCharge = (url: string, paymentMethod: string) =>
  fetch(`${url}/charges`, {
    method: 'POST',
    headers: { 'idempotency-key': 'chg:p-1:1' },
    body: JSON.stringify({ reference: 'p-1', amount: 1_000, currency: 'KRW', paymentMethod }),
  });

const requestsAt = async (url: string): Promise<number> => {
  const response = await fetch(`${url}/charges`);

  return ((await response.json()) as { counts: { requests: number } }).counts.requests;
};

describe('simulator server', () => {
  it('listens on the loopback interface only', async () => {
    const { url } = await closeAfterTest(startSimulator());

    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('delays a slow approval', async () => {
    const timers = createManualTimers();
    const { url } = await closeAfterTest(startSimulator({ timers }));
    let answered = false;
    const slow = postCharge(url, 'sim_approve_slow').then((response) => {
      answered = true;

      return response.json();
    });

    await eventually(async () => expect(await requestsAt(url)).toBe(1));
    timers.advance(4_999);
    await requestsAt(url);
    const early = answered;
    timers.advance(1);

    expect(early).toBe(false);
    expect(await slow).toMatchObject({ status: 'approved' });
  });

  it('refuses connections while switched off and keeps its address and state', async () => {
    const { url, switchUrl } = await closeAfterTest(startSimulator());
    const listen = (listening: boolean) =>
      fetch(switchUrl, { method: 'PUT', body: JSON.stringify({ listening }) });
    const charge = { key: 'chg:p-1:1', reference: 'p-1', amount: 1_000, currency: 'KRW' };
    const gateway = createSimulatorGateway({
      url,
      timeoutMs: 5_000,
      timers: systemTimers,
      exchange: sendHttp,
    });
    await postCharge(url, 'sim_approve');

    await Promise.all([listen(false), listen(false)]);
    const down = await gateway.charge({ ...charge, paymentMethod: 'sim_approve' });
    await Promise.all([listen(true), listen(true)]);
    const up = await gateway.inquire(charge);

    expect(down).toEqual({ outcome: 'not-sent', reason: 'ECONNREFUSED' });
    expect(up).toMatchObject({ outcome: 'approved' });
    expect(await requestsAt(url)).toBe(1);
  });

  it('rejects an invalid switch request', async () => {
    const { switchUrl } = await closeAfterTest(startSimulator());

    expect((await fetch(switchUrl, { method: 'PUT', body: '{"listening": "no"}' })).status).toBe(
      400,
    );
    expect((await fetch(switchUrl)).status).toBe(400);
  });

  it('closes while a client waits for a hanging response', async () => {
    const { url, close } = await startSimulator();
    const hanging = postCharge(url, 'sim_timeout_after_effect');
    const dropped = expect(hanging).rejects.toThrow();
    await eventually(async () => expect(await requestsAt(url)).toBe(1));

    await close();

    await dropped;
  });

  it('survives a client that disconnects during its request', async () => {
    const { url } = await closeAfterTest(startSimulator());
    const leaving = request(`${url}/charges`, {
      method: 'POST',
      headers: { 'content-length': '100', expect: '100-continue' },
    });
    leaving.on('error', () => undefined);
    leaving.flushHeaders();
    // The server has answered 100 Continue, so it is reading the request.
    await once(leaving, 'continue');
    leaving.destroy();

    expect(await requestsAt(url)).toBe(0);
  });
});

describe('sinks server', () => {
  it('separates the deliveries of the two receivers', async () => {
    const { dataPlatformUrl, notificationsUrl } = await closeAfterTest(startSinks());

    await fetch(dataPlatformUrl, { method: 'POST', headers: { 'idempotency-key': 'p-1-4' } });

    const counts = await Promise.all(
      [dataPlatformUrl, notificationsUrl].map(async (url) => {
        const response = await fetch(`${url}/received`);

        return ((await response.json()) as { counts: { accepted: number } }).counts.accepted;
      }),
    );
    expect(counts).toEqual([1, 0]);
  });

  it('answers 404 for an unknown receiver', async () => {
    const { dataPlatformUrl } = await closeAfterTest(startSinks());

    expect((await fetch(`${dataPlatformUrl}s/received`)).status).toBe(404);
  });
});

describe('external systems process', () => {
  it('prints its URLs and exits on SIGTERM', async () => {
    const child = spawn(process.execPath, ['dev/local/external-systems.ts'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.push({ close: async () => void child.kill('SIGKILL') });
    const ended = once(child, 'exit');
    const [line] = await once(createInterface(child.stdout), 'line');
    const { simulatorUrl, sinks } = JSON.parse(String(line));

    const responses = await Promise.all([
      fetch(`${simulatorUrl}/charges`),
      fetch(`${sinks.dataPlatformUrl}/received`),
      fetch(`${sinks.notificationsUrl}/received`),
    ]);
    child.kill('SIGTERM');

    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await ended).toEqual([0, null]);
  });
});
