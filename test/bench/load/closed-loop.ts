import type { LoadObservation } from '../measure/load.ts';
import { quantile } from '../measure/time-to-final-status.ts';
import { openHttpConnection } from './http-connection.ts';

export interface ClosedLoopSettings {
  readonly url: string;
  readonly users: number;
  readonly buyers: number;
  readonly paymentMethod: string;
  readonly balanceAmount: number;
  /** The HTTP status of an accepted payment. */
  readonly accepted: number;
  readonly warmUpS: number;
  readonly windowS: number;
}

/**
 * Buyers who pay one order each, as in pay.js: each pays again after the response. Counts only responses inside
 * the window: after the warm-up, before the end. Then the requests in progress are abandoned.
 */
export const runClosedLoop = async (settings: ClosedLoopSettings): Promise<LoadObservation> => {
  const { url, users, buyers, accepted, warmUpS, windowS } = settings;
  const connections = await Promise.all(
    Array.from({ length: users }, () => openHttpConnection(url)),
  );
  const tookMs: number[] = [];
  let turns = 0;
  let requests = 0;
  let refused = 0;
  const windowFrom = performance.now() + warmUpS * 1_000;
  const windowUntil = windowFrom + windowS * 1_000;

  const pay = async (connection: (typeof connections)[number]): Promise<void> => {
    while (!isOver) {
      const turn = turns;
      turns += 1;
      const began = performance.now();
      const status = await connection.post(
        '/payments',
        {
          'content-type': 'application/json',
          'idempotency-key': `key-${turn}`,
          'x-buyer': `buyer-${turn % buyers}`,
        },
        JSON.stringify({
          orderId: `order-${turn}`,
          balanceAmount: settings.balanceAmount,
          paymentMethod: settings.paymentMethod,
        }),
      );
      const now = performance.now();
      requests += 1;
      if (now < windowFrom || now > windowUntil) continue;
      if (status === accepted) tookMs.push(now - began);
      else refused += 1;
    }
  };

  let isOver = false;
  const closeAll = () => {
    isOver = true;
    for (const connection of connections) connection.close();
  };
  const timer = setTimeout(closeAll, windowUntil - performance.now());
  const faults: unknown[] = [];
  await Promise.all(
    connections.map((connection) =>
      pay(connection).catch((error: unknown) => {
        if (!isOver) faults.push(error);
      }),
    ),
  );
  clearTimeout(timer);
  closeAll();
  if (faults.length > 0) throw new Error(`${faults.length} connections broke: ${faults[0]}`);
  const { user, system } = process.cpuUsage();
  const sorted = tookMs.sort((a, b) => a - b);

  return {
    answered: sorted.length,
    refused,
    dropped: 0,
    ...(sorted.length > 0 && {
      latencyMs: {
        avg: sorted.reduce((sum, ms) => sum + ms, 0) / sorted.length,
        min: sorted[0] as number,
        med: quantile(sorted, 0.5),
        'p(90)': quantile(sorted, 0.9),
        'p(95)': quantile(sorted, 0.95),
        'p(99)': quantile(sorted, 0.99),
        max: sorted.at(-1) as number,
      },
    }),
    requests,
    cpuSeconds: (user + system) / 1e6,
  };
};
