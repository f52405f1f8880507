import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Advice, command } from './advice.ts';
import { argumentsOf } from './arguments.ts';
import { localClient } from './aws.ts';
import { tablesOf } from './outputs.ts';
import { seed } from './seed.ts';
import { shop } from './shop.ts';
import { runningStack } from './stack.ts';
import { outputsOfStage } from './stage.ts';

/** The shop of the local stack, or of a stage in an account: `npm run seed -- --stage sandbox`. */
await command(async () => {
  const { values } = argumentsOf(
    { options: { stage: { type: 'string', default: 'local' } } },
    'npm run seed, or npm run seed -- --stage sandbox',
  );
  const { stage } = values;
  if (stage !== 'local' && stage !== 'sandbox') {
    throw new Advice(`Only a local stack or a sandbox may be seeded, not ${stage}.`);
  }

  const local = stage === 'local' ? await runningStack() : undefined;
  const client = new DynamoDBClient(local ? localClient(local.endpoint) : {});
  const tables = local?.tables ?? tablesOf(await outputsOfStage(stage));

  const put = await seed(DynamoDBDocumentClient.from(client), tables, shop);
  console.log(`${put} items put; what was there already is as it was.`);
});
