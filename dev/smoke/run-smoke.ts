import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDatabase } from '../../shared/config/system-runtime.ts';
import { pollUntil } from '../cli/poll-until.ts';
import { readBalanceSnapshot } from '../demo/balance-snapshot.ts';
import {
  type AnsweredPayment,
  awaitOutcome,
  payScenario,
  type ScenarioOutcome,
  type ScenarioStack,
} from '../demo/pay-scenario.ts';
import type { Scenario } from '../demo/scenarios.ts';
import { createTokenClient } from '../local/api-client.ts';
import { formatReconciliation } from '../ops/format-reconciliation.ts';
import { createOperatorApi } from '../ops/operator-api.ts';
import { checkRedrive } from './check-redrive.ts';
import { checkWebhooks } from './check-webhooks.ts';
import { requireThat, smokeReason, stepPolling } from './expectations.ts';
import { addShop, deposit, removeShop, smokeScenarios, stock } from './shop.ts';
import type { SmokeStage } from './stages.ts';

/**
 * Pays one payment of each ending on a deployed stage, cancels, refunds, sends webhooks, redrives a dead letter, and
 * reconciles. Prints a line for each thing that holds. Throws a CliError with a sentence for the first that does not,
 * and then leaves its product, balance and coupon for the investigation; otherwise it removes them.
 */
export const runSmoke = async (
  stage: SmokeStage,
  name: string,
  print: (line: string) => void,
): Promise<void> => {
  const { apiUrl, buyer, tables } = stage;
  const db = DynamoDBDocumentClient.from(new DynamoDBClient(stage.client));
  const client = createTokenClient(apiUrl, buyer.token);
  const operator = createOperatorApi(apiUrl, stage.operatorToken);
  const shop = { db, tables, clientOf: async () => client } satisfies ScenarioStack;
  const pass = (text: string) => print(`✔ ${text}`);
  const pay = (scenario: Scenario) => payScenario(shop, scenario);
  const ended = async (answered: AnsweredPayment): Promise<ScenarioOutcome> => {
    const outcome = await awaitOutcome(shop, answered);
    const { scenario, payment, mismatches } = outcome;
    requireThat(
      mismatches.length === 0,
      `${payment.paymentId} (${scenario.description}): ${mismatches.join('; ')}`,
    );
    pass(`${scenario.description}: ${payment.paymentId} is ${payment.status}`);

    return outcome;
  };
  const scenarios = smokeScenarios(buyer.userId, name);

  // A wrong address or token ends the test here, where nothing is written yet.
  await operator.reviews();
  await client.points();
  await addShop(db, tables, { name, userId: buyer.userId });
  const approved = await ended(await pay(scenarios.approved));
  // Before any other payment adds points.
  pass(await checkRedrive(stage, { operator, client, db: createDatabase(db) }, approved.paymentId));
  await ended(await pay(scenarios.declined));
  await ended(await pay(scenarios.refused));

  const unknown = await pay(scenarios.unknown);
  pass(await checkWebhooks(stage, unknown));
  const resolved = await ended(unknown);
  requireThat(
    resolved.timeline.some(({ to }) => to === 'UNKNOWN'),
    `${resolved.paymentId} was COMPLETED without having been UNKNOWN`,
  );

  const waiting = await pay(scenarios.cancelled);
  const { status: cancelAnswer } = await client.cancel(waiting.paymentId, randomUUID());
  requireThat(cancelAnswer === 202, `The cancellation was answered with ${cancelAnswer}`);
  await ended(waiting);

  for (const { paymentId } of [approved, resolved]) {
    const lines = [{ sku: name, quantity: 1, restock: true }];
    await operator.refund(paymentId, { lines, reason: smokeReason }, randomUUID());
    const { status } = await pollUntil(
      () => client.payment(paymentId),
      (payment) => payment.status === 'REFUNDED',
      stepPolling,
    );
    requireThat(status === 'REFUNDED', `${paymentId} is ${status} after its refund`);
    pass(`the whole amount is refunded: ${paymentId} is ${status}`);
  }

  const subjects = { buyers: [buyer.userId], skus: [name] };
  const { balances, products } = await readBalanceSnapshot(db, tables, subjects);
  const [balance] = balances;
  const [product] = products;
  requireThat(
    balance?.available === deposit && balance.held === 0 && balance.spent === 0,
    `The balance of ${buyer.userId} is not ${deposit} again: ${JSON.stringify(balance)}`,
  );
  requireThat(
    product?.available === stock && product.reserved === 0 && product.sold === 0,
    `The stock of ${name} is not ${stock} again: ${JSON.stringify(product)}`,
  );
  pass('balance and stock are as before');

  const report = await pollUntil(
    stage.reconcile,
    ({ isReconciled, discrepancies }) => isReconciled || discrepancies.length > 0,
    stepPolling,
  );
  if (!report.isReconciled) print(formatReconciliation(report));
  requireThat(report.isReconciled, 'The books of the stage do not reconcile');
  print(formatReconciliation(report));
  await removeShop(db, tables, { name, userId: buyer.userId });
};
