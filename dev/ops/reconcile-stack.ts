import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Proof, prove } from '../../shared/application/reconciliation/reconcile.ts';
import { documentOptions } from '../../shared/config/document-values.ts';
import { timings } from '../../shared/domain/timings.ts';
import { chargeLedger } from '../../shared/gateway/gateway-from-env.ts';
import { simulatorLedger } from '../../shared/gateway/simulator/charge-list.ts';
import { ledgerIn } from '../../shared/persistence/reconciliation-reader.ts';
import { Advice } from '../cli/cli-error.ts';
import { localClient } from '../local/aws.ts';
import { tablesOf } from '../local/outputs.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';
import { outputsOfStage } from './stage-outputs.ts';

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
