import http from 'node:http';
import https from 'node:https';
import { parseJson } from '../domain/json.ts';
import type { Exchange, SendHttp } from './exchange.ts';

/**
 * Sends one request over node:http. Never retries and never follows a redirect: only the caller knows whether a
 * second request is safe.
 *
 * Nothing is written before the connection is established (for https: before the certificate is trusted), so
 * a failure before that is provably `not-sent`; every failure after it is `lost`. Each exchange has its own
 * connection: a kept-alive one may have died while the Lambda was frozen, and its reset would look like a
 * lost response.
 */
export const sendHttp: SendHttp = (request, timers) =>
  new Promise((resolve) => {
    const { method, url, headers, body, timeoutMs, maxResponseBytes = 64 * 1_024 } = request;
    const secure = url.protocol === 'https:';
    const outgoing = (secure ? https : http).request(url, {
      method,
      headers: { ...headers, ...(body && { 'content-length': Buffer.byteLength(body) }) },
      agent: false,
    });
    let connected = false;

    const settle = (outcome: Exchange) => {
      cancelDeadline();
      resolve(outcome);
      outgoing.destroy();
    };
    const fail = (reason: string) => settle({ kind: connected ? 'lost' : 'not-sent', reason });
    const cancelDeadline = timers.after(timeoutMs, () =>
      fail(`no response within ${timeoutMs} ms`),
    );

    outgoing.once('socket', (socket) => {
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        connected = true;
        outgoing.end(body);
      });
    });
    // Destroying the request may report an error after the outcome is known; the promise ignores it.
    outgoing.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
    outgoing.once('response', (incoming) => {
      const chunks: Buffer[] = [];
      let bytes = 0;

      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > maxResponseBytes) fail('response too large');
      });
      incoming.once('end', () =>
        settle({
          kind: 'answered',
          status: incoming.statusCode ?? 0,
          body: parseJson(Buffer.concat(chunks).toString('utf8')),
        }),
      );
      incoming.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
    });
  });
