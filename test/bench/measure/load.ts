import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../dev/cli/paths.ts';
import { cpuSecondsOf } from '../program.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/**
 * Closed: a fixed number of buyers, each pays again after the response. Open: a fixed arrival rate. k6 generates
 * the load, or a generator of ours that needs less of the processors that it shares with the checkout.
 */
export type Loop =
  | { readonly kind: 'closed'; readonly users: number; readonly generator?: 'light' }
  | { readonly kind: 'open'; readonly perSecond: number; readonly mostUsers: number };

export interface Load {
  readonly loop: Loop;
  /** Seconds before the window, which are not measured. */
  readonly warmUpS: number;
  readonly windowS: number;
}

/** The measurements of the load generator in the window; times in milliseconds. */
export interface LoadObservation {
  readonly answered: number;
  readonly refused: number;
  /** Payments of an open loop that k6 could not start, because too many users were waiting for a response. */
  readonly dropped: number;
  readonly latencyMs?: Readonly<
    Record<'avg' | 'min' | 'med' | 'p(90)' | 'p(95)' | 'p(99)' | 'max', number>
  >;
  /** All requests, warm-up included. */
  readonly requests: number;
  /** Seconds of processor time. */
  readonly cpuSeconds: number;
}

export interface Target {
  readonly url: string;
  readonly paymentMethod: string;
  /** Minor units of each order to take from the balance. */
  readonly balanceAmount: number;
  /** The HTTP status of an accepted payment. */
  readonly accepted: number;
  readonly buyers: number;
  /** The number of the first order to pay; the others follow. */
  readonly firstOrder?: number;
  /** The tokens of the buyers, for an API that requires them. */
  readonly tokens?: readonly string[];
}

const sampleIntervalMs = 250;

/** Runs k6 until it ends. */
export const runLoad = async (
  k6: string,
  { url, paymentMethod, balanceAmount, accepted, buyers, firstOrder = 0, tokens }: Target,
  { loop, warmUpS, windowS }: Load,
): Promise<LoadObservation> => {
  const { folder, clear } = temporaryFolder('k6');
  const summary = join(folder, 'summary.json');
  const tokenFile = join(folder, 'tokens.json');
  if (tokens) writeFileSync(tokenFile, JSON.stringify(tokens));
  try {
    const script = join(root, 'test', 'bench', 'load', 'pay.js');
    // No address: k6 would serve its own API on a fixed port.
    const child = spawn(k6, ['run', '--quiet', '--no-usage-report', '--address', '', script], {
      env: {
        ...process.env,
        TARGET: url,
        PAYMENT_METHOD: paymentMethod,
        BALANCE_AMOUNT: String(balanceAmount),
        ACCEPTED: String(accepted),
        BUYERS: String(buyers),
        FIRST_ORDER: String(firstOrder),
        ...(tokens && { TOKENS: tokenFile }),
        LOOP: loop.kind,
        USERS: String(loop.kind === 'closed' ? loop.users : loop.mostUsers),
        ...(loop.kind === 'open' && { PER_10_SECONDS: String(Math.round(loop.perSecond * 10)) }),
        WARM_UP_S: String(warmUpS),
        WINDOW_S: String(windowS),
        SUMMARY: summary,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const end = () => child.kill('SIGKILL');
    process.once('exit', end);
    let cpuSeconds = 0;
    const watch = setInterval(() => {
      const now = cpuSecondsOf(child.pid);
      if (now > cpuSeconds) cpuSeconds = now;
    }, sampleIntervalMs);
    const [code] = await once(child, 'exit');
    clearInterval(watch);
    process.off('exit', end);
    if (code !== 0) throw new Error(`k6 exited with code ${code}.`);

    return { ...JSON.parse(readFileSync(summary, 'utf8')), cpuSeconds };
  } finally {
    clear();
  }
};
