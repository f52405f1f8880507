import type { Timers } from '../config/timers.ts';
import { type Exchange, type ExchangeRequest, exchange } from './http-exchange.ts';

export type Send = (request: Omit<ExchangeRequest, 'timeoutMs'>) => Promise<Exchange>;

/** Starts the time of one call of the port, which all its requests share. What is asked for after its end is not sent. */
export const within = (timeoutMs: number, timers: Timers): Send => {
  const end = timers.now().getTime() + timeoutMs;

  return async (request) => {
    const leftMs = end - timers.now().getTime();

    return leftMs > 0
      ? exchange({ ...request, timeoutMs: leftMs }, timers)
      : { kind: 'not-sent', reason: `${timeoutMs} ms were over before it` };
  };
};
