import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDocumentOptions } from '../../shared/config/document-values.ts';
import type { Database } from '../../shared/config/platform.ts';
import { createDatabase } from '../../shared/config/system-runtime.ts';
import { localClientConfig } from '../local/aws.ts';
import { tablesOf } from '../local/outputs.ts';
import { type LocalStack, runningStack } from '../local/stack-descriptor.ts';
import { readStageOutputs } from './stage-outputs.ts';

/** The tables of a stack, and what reads and writes them. */
export interface StageDatabase {
  readonly db: Database;
  readonly tables: LocalStack['tables'];
}

/** Creates a database that reads and writes items as the functions do. */
export const createItemDatabase = (config: DynamoDBClientConfig) =>
  createDatabase(DynamoDBDocumentClient.from(new DynamoDBClient(config), createDocumentOptions()));

/** Opens the tables of the local stack, or of a stage with the AWS credentials of the environment. */
export const openDatabase = async (stage: string | undefined): Promise<StageDatabase> => {
  const local = stage === undefined ? await runningStack() : undefined;

  return {
    db: createItemDatabase(local ? localClientConfig(local.endpoint) : {}),
    tables: local?.tables ?? tablesOf(await readStageOutputs(stage ?? '')),
  };
};
