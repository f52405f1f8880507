import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ledgerIn } from '../shared/data/ledger.ts';
import { documentOptions } from '../shared/data/numbers.ts';
import { type Proof, prove } from '../shared/data/prove.ts';
import { timings } from '../shared/domain/timings.ts';
import { chargeLedger } from '../shared/pg/gateway.ts';
import { simulatorLedger } from '../shared/pg/simulator-ledger.ts';
import { Advice } from './advice.ts';
import { localClient } from './aws.ts';
import { tablesOf } from './outputs.ts';
import type { LocalStack } from './stack.ts';
import { outputsOfStage } from './stage.ts';

const pgTimeoutMs = 30_000;

/** Proves the books of a whole local stack, however much it holds. */
export const proofOf = ({
  endpoint,
  tables,
  simulatorUrl: url,
}: Pick<LocalStack, 'endpoint' | 'tables' | 'simulatorUrl'>): Promise<Proof> => {
  const db = DynamoDBDocumentClient.from(
    new DynamoDBClient(localClient(endpoint)),
    documentOptions(),
  );
  const { charges } = simulatorLedger({ url, timeoutMs: pgTimeoutMs });

  return prove(ledgerIn({ db, tables, charges }));
};

/** The same of a stage in an account, against the PG that its functions speak to. */
export const proofOfStage = async (stage: string): Promise<Proof> => {
  const outputs = await outputsOfStage(stage);
  const { FunctionProveLedger: FunctionName } = outputs;
  if (FunctionName === undefined) {
    throw new Advice(`The stage ${stage} has no ledger yet: run npm run deploy first.`);
  }
  const { Environment } = await new LambdaClient().send(
    new GetFunctionConfigurationCommand({ FunctionName }),
  );
  const { PG_URL: url = '', PG_ADAPTER, PG_SECRET_KEY_ARN } = Environment?.Variables ?? {};
  // Which PG it is, and where its key is, is said by the environment here as it is there.
  Object.assign(process.env, {
    ...(PG_ADAPTER && { PG_ADAPTER }),
    ...(PG_SECRET_KEY_ARN && { PG_SECRET_KEY_ARN }),
  });
  const { charges } = chargeLedger({ url, timings: { ...timings.cloud, pgTimeoutMs } });
  const db = DynamoDBDocumentClient.from(new DynamoDBClient(), documentOptions());

  return prove(ledgerIn({ db, tables: tablesOf(outputs), charges }));
};
