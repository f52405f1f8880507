import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Progress } from '../cli/progress.ts';
import { createApiClient } from '../local/api-client.ts';
import { localClientConfig } from '../local/aws.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';
import { formatReconciliation } from '../ops/format-reconciliation.ts';
import { reconcileStack } from '../ops/reconcile-stack.ts';
import { readBalanceSnapshot } from './balance-snapshot.ts';
import { formatBalances, formatOutcome } from './format.ts';
import {
  type AnsweredPayment,
  awaitOutcome,
  payScenario,
  type ScenarioStack,
} from './pay-scenario.ts';
import { scenarios, warmUpScenario } from './scenarios.ts';
import { seed } from './seed.ts';
import { shop } from './shop.ts';

/** Seeds the shop, pays, and prints each payment and the reconciliation. Returns whether all was as expected. */
export const runDemo = async (stack: LocalStack, step: Progress): Promise<boolean> => {
  const db = DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(stack.endpoint)));
  const shopStack: ScenarioStack = {
    db,
    tables: stack.tables,
    clientOf: (buyer) => createApiClient(stack, buyer),
  };
  const subjects = {
    buyers: shop.balances.map(({ userId }) => userId),
    skus: shop.products.map(({ sku }) => sku),
  };

  await step('Seeding the shop', () => seed(db, stack.tables, shop));
  const before = await readBalanceSnapshot(db, stack.tables, subjects);
  const outcomes = await step('Paying', async (report) => {
    const awaitAndReport = async (answered: AnsweredPayment) => {
      const outcome = await awaitOutcome(shopStack, answered);
      report(`${outcome.scenario.buyer}: ${outcome.payment.status}`);
      return outcome;
    };
    const first = await awaitAndReport(await payScenario(shopStack, warmUpScenario));
    let previous: Promise<unknown> = Promise.resolve();
    // The requests are sent one after the other, to spare this machine; the payments then proceed concurrently.
    const others = scenarios.map((scenario) => {
      const answered = previous.then(() => payScenario(shopStack, scenario));
      previous = answered;
      return answered.then(awaitAndReport);
    });

    return [first, ...(await Promise.all(others))];
  });
  const after = await readBalanceSnapshot(db, stack.tables, subjects);
  const reconciliation = await step('Reconciling', () => reconcileStack(stack));

  for (const outcome of outcomes) console.log(`\n${formatOutcome(outcome)}`);
  console.log(`\nBalances and stock, before > after:\n\n${formatBalances(before, after)}\n`);
  console.log(formatReconciliation(reconciliation));

  return reconciliation.isReconciled && outcomes.every(({ mismatches }) => mismatches.length === 0);
};
