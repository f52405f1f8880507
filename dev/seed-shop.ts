import { parseArgs } from 'node:util';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Advice, command } from './advice.ts';
import { localClient } from './aws.ts';
import { tablesOf } from './outputs.ts';
import { type SeededTables, seed } from './seed.ts';
import { shop } from './shop.ts';
import { runningStack } from './stack.ts';

/** The tables of a stage in the account that the environment's AWS credentials open. */
const tablesOfStage = async (stage: string): Promise<SeededTables> => {
  const StackName = `aftercommit-${stage}-service`;
  const { Stacks = [] } = await new CloudFormationClient()
    .send(new DescribeStacksCommand({ StackName }))
    .catch((error: Error) => {
      throw new Advice(
        `Stack ${StackName} cannot be read (${error.message}): run npm run deploy first.`,
      );
    });
  const outputs = (Stacks[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [
    OutputKey,
    OutputValue,
  ]);

  return tablesOf(Object.fromEntries(outputs));
};

/** The shop of the local stack, or of a stage in an account: `npm run seed -- --stage sandbox`. */
await command(async () => {
  const { values } = parseArgs({ options: { stage: { type: 'string', default: 'local' } } });
  const { stage } = values;
  if (stage !== 'local' && stage !== 'sandbox') {
    throw new Advice(`Only a local stack or a sandbox may be seeded, not ${stage}.`);
  }

  const local = stage === 'local' ? await runningStack() : undefined;
  const client = new DynamoDBClient(local ? localClient(local.endpoint) : {});
  const tables = local?.tables ?? (await tablesOfStage(stage));

  const put = await seed(DynamoDBDocumentClient.from(client), tables, shop);
  console.log(`${put} items put; what was there already is as it was.`);
});
