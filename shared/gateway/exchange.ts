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
 * Sends one request and returns its result; never throws. Adapters are given it, so that a test or a simulation
 * can be the network. Its implementation knows whether a byte left the process.
 */
export type SendHttp = (request: ExchangeRequest, timers: Timers) => Promise<Exchange>;
