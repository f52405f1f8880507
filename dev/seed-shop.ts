import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { CliError, runCommand } from './cli/cli-error.ts';
import { parseCommandLine } from './cli/parse-args.ts';
import { seed } from './demo/seed.ts';
import { shop } from './demo/shop.ts';
import { localClientConfig } from './local/aws.ts';
import { tablesOf } from './local/outputs.ts';
import { runningStack } from './local/stack-descriptor.ts';
import { readStageOutputs } from './ops/stage-outputs.ts';

/** Seeds the shop of the local stack, or of a sandbox: `npm run seed -- --stage sandbox`. */
await runCommand(async () => {
  const { values } = parseCommandLine(
    { options: { stage: { type: 'string', default: 'local' } } },
    'npm run seed, or npm run seed -- --stage sandbox',
  );
  const { stage } = values;
  if (stage !== 'local' && stage !== 'sandbox') {
    throw new CliError(`Only the local stack or a sandbox can be seeded, not ${stage}.`);
  }

  const local = stage === 'local' ? await runningStack() : undefined;
  const client = new DynamoDBClient(local ? localClientConfig(local.endpoint) : {});
  const tables = local?.tables ?? tablesOf(await readStageOutputs(stage));

  const put = await seed(DynamoDBDocumentClient.from(client), tables, shop);
  console.log(`${put} items created; existing items are unchanged.`);
});
