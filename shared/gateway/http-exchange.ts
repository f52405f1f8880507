import http from 'node:http';
import https from 'node:https';
import { parseJson } from '../domain/json.ts';
import type { Timers } from '../domain/time.ts';

export interface ExchangeRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange: from connecting to the last byte of the response. */
  readonly timeoutMs: number;
  /** 64 KiB by default; a longer response is treated as lost. */
  readonly maxResponseBytes?: number;
}

/** The result of one request: a response, proof that nothing was sent, or neither. */
export type Exchange =
  /** `body` is the parsed JSON; undefined if it is not valid JSON. */
  | { readonly kind: 'answered'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'not-sent'; readonly reason: string }
  | { readonly kind: 'lost'; readonly reason: string };

/**
 * Sends one request. Never retries and never follows a redirect: only the caller knows whether a second
 * request is safe.
 *
 * Nothing is written before the connection is established (for https: before the certificate is trusted), so
 * a failure before that is provably `not-sent`; every failure after it is `lost`. Each exchange has its own
 * connection: a kept-alive one may have died while the Lambda was frozen, and its reset would look like a
 * lost response.
 */
export const exchange = (request: ExchangeRequest, timers: Timers): Promise<Exchange> =>
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
