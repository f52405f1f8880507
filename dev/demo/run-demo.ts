import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Step } from '../cli/progress.ts';
import { localClient } from '../local/aws.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';
import { proofOf } from '../ops/reconcile-stack.ts';
import { readRows } from './balance-snapshot.ts';
import { outcomeText, proofText, rowsText } from './format.ts';
import { type Answered, follow, pay } from './pay-scenario.ts';
import { firstOfAll, scenarios } from './scenarios.ts';
import { seed } from './seed.ts';
import { shop } from './shop.ts';

/** Seeds the shop, pays, and prints how each payment went and the proof of the books. True when all was as promised. */
export const show = async (stack: LocalStack, step: Step): Promise<boolean> => {
  const db = DynamoDBDocumentClient.from(new DynamoDBClient(localClient(stack.endpoint)));
  const everybody = {
    buyers: shop.balances.map(({ userId }) => userId),
    skus: shop.products.map(({ sku }) => sku),
  };

  await step('Seeding the shop', () => seed(db, stack.tables, shop));
  const before = await readRows(db, stack.tables, everybody);
  const outcomes = await step('Paying', async (say) => {
    const told = async (answered: Answered) => {
      const outcome = await follow(stack, db, answered);
      say(`${outcome.scenario.buyer}: ${outcome.payment.status}`);
      return outcome;
    };
    const first = await told(await pay(stack, firstOfAll));
    let turn: Promise<unknown> = Promise.resolve();
    // Nobody waits for the payment of another, only for a free moment of this machine to ask for it.
    const others = scenarios.map((scenario) => {
      const answered = turn.then(() => pay(stack, scenario));
      turn = answered;
      return answered.then(told);
    });

    return [first, ...(await Promise.all(others))];
  });
  const after = await readRows(db, stack.tables, everybody);
  const proof = await step('Proving the books', () => proofOf(stack));

  for (const outcome of outcomes) console.log(`\n${outcomeText(outcome)}`);
  console.log(`\nThe books, before > after:\n\n${rowsText(before, after)}\n`);
  console.log(proofText(proof));

  return proof.isProved && outcomes.every(({ broken }) => broken.length === 0);
};
