import type { Timers } from '../domain/time.ts';
import type { Exchange, ExchangeRequest, SendHttp } from './exchange.ts';

export type SendRequest = (request: Omit<ExchangeRequest, 'timeoutMs'>) => Promise<Exchange>;

export interface DeadlineOptions {
  /** For one call of the port, however many requests it takes: from connecting to the last byte of the response. */
  readonly timeoutMs: number;
  readonly timers: Timers;
  readonly exchange: SendHttp;
}

/**
 * Starts the deadline of one call of the port, which all its requests share. A request after the deadline is
 * not sent.
 */
export const withDeadline = ({ timeoutMs, timers, exchange }: DeadlineOptions): SendRequest => {
  const deadline = timers.now().getTime() + timeoutMs;

  return async (request) => {
    const remainingMs = deadline - timers.now().getTime();

    return remainingMs > 0
      ? exchange({ ...request, timeoutMs: remainingMs }, timers)
      : { kind: 'not-sent', reason: `deadline of ${timeoutMs} ms exceeded before sending` };
  };
};
