import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { documentOptions } from './document-values.ts';

/** Under API Gateway's 30 s and every function's timeout, so that code decides what a silence means. */
export const patience = {
  connectionTimeout: 1_000,
  requestTimeout: 3_000,
  throwOnRequestTimeout: true,
};

/** One client a process; Powertools stores its records through it too. */
export const dynamo = new DynamoDBClient({ maxAttempts: 3, requestHandler: patience });

export const documents = DynamoDBDocumentClient.from(dynamo, documentOptions());
