import { join } from 'node:path';
import { table } from '../../../dev/cli/markdown.ts';
import type { Progress } from '../../../dev/cli/progress.ts';
import { requestToken } from '../../../dev/local/issuer.ts';
import { startLocalStack } from '../../../dev/local/local-stack.ts';
import { createClient } from '../database/tables.ts';
import { benchFolder, findTool } from '../tools.ts';
import { type LoadObservation, runLoad } from './load.ts';
import { describeMachine, type Machine } from './machine.ts';
import { rounded } from './report.ts';
import { resultsFolder, writeResults } from './results.ts';
import { balancePart, fillShop } from './shop.ts';

/** The results through the API Gateway of the local AWS, where the service is deployed unchanged. */
export interface GatewayResults {
  readonly date: string;
  readonly machine: Machine;
  readonly runs: readonly {
    readonly users: number;
    readonly perSecond: number;
    readonly seen: LoadObservation;
  }[];
}

// The local stack runs at most four handlers of one function concurrently.
const levels = [1, 2, 4];
const warmUpS = 10;
const windowS = 20;
const buyers = 20;
const ordersOfARun = 8_000;

/**
 * A small load test through everything between a buyer and accept-payment: API Gateway, authorizer, IAM, one
 * process per handler.
 */
export const runGateway = async ({
  step,
  signal,
}: {
  readonly step: Progress;
  readonly signal: AbortSignal;
}): Promise<void> => {
  const k6 = await findTool('k6', step, signal);
  const directory = join(benchFolder, 'gateway');
  const { stack, stop } = await startLocalStack({ directory, step, signal });
  try {
    const tokens = await Promise.all(
      Array.from({ length: buyers }, (_, number) =>
        requestToken(stack.tokenUrl, { sub: `buyer-${number}` }),
      ),
    );
    await step('Filling the shop', () =>
      fillShop(createClient(stack.endpoint), stack.tables, {
        orders: levels.length * ordersOfARun,
        buyers,
      }),
    );
    const runs: GatewayResults['runs'][number][] = [];
    for (const [index, users] of levels.entries()) {
      const target = {
        url: stack.apiUrl,
        paymentMethod: 'sim_approve',
        balanceAmount: balancePart,
        accepted: 202,
        buyers,
        firstOrder: index * ordersOfARun,
        tokens,
      };
      const load = { loop: { kind: 'closed', users }, warmUpS, windowS } as const;
      const seen = await step(`Through the gateway: ${users} users`, () =>
        runLoad(k6, target, load),
      );
      runs.push({ users, perSecond: seen.answered / windowS, seen });
    }
    const results: GatewayResults = {
      date: new Date().toISOString(),
      machine: describeMachine(k6, 'ministack'),
      runs,
    };
    writeResults(join(resultsFolder('full'), 'gateway.json'), results);
    console.log(`\n${gatewayTable(results)}`);
  } finally {
    await stop();
  }
};

export const gatewayTable = ({ runs }: GatewayResults): string =>
  table(
    ['users', 'answered/s', 'p50 ms', 'p95 ms', 'p99 ms', 'refused'],
    runs.map(({ users, perSecond, seen }) => [
      String(users),
      rounded(perSecond),
      ...(['med', 'p(95)', 'p(99)'] as const).map((name) =>
        rounded(seen.latencyMs?.[name] ?? Number.NaN),
      ),
      String(seen.refused),
    ]),
  );
