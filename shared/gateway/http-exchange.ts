import http from 'node:http';
import https from 'node:https';
import type { Timers } from '../config/timers.ts';
import { parseJson } from '../domain/json.ts';

export interface ExchangeRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange: connecting, sending, and the last byte of the answer. */
  readonly timeoutMs: number;
  /** 64 KiB unless given: what is longer is no answer to us. */
  readonly maxResponseBytes?: number;
}

/** What is known after one request: an answer, that nothing left this process, or neither. */
export type Exchange =
  /** `body` is the parsed JSON; undefined when it was none. */
  | { readonly kind: 'answered'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'not-sent'; readonly reason: string }
  | { readonly kind: 'lost'; readonly reason: string };

/**
 * One request, never repeated and never redirected: only the caller knows what a second one costs.
 *
 * Nothing is written before the connection stands (for https: before the certificate is trusted), so a failure until then is
 * provably `not-sent`; every failure after it is `lost`. Each exchange has a connection of its own: one that was kept alive
 * may have died while a Lambda was frozen, and its reset would look like a lost answer.
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
    const cancelDeadline = timers.after(timeoutMs, () => fail(`no answer within ${timeoutMs} ms`));

    outgoing.once('socket', (socket) => {
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        connected = true;
        outgoing.end(body);
      });
    });
    // Destroying the request may report an error after the outcome is known: a promise keeps its first.
    outgoing.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
    outgoing.once('response', (incoming) => {
      const chunks: Buffer[] = [];
      let bytes = 0;

      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > maxResponseBytes) fail('the answer is too large');
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
