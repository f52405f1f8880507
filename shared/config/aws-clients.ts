import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDocumentOptions } from './document-values.ts';

/** Under API Gateway's 30 s and every function's timeout, so that code decides what a silence means. */
export const requestTimeouts = {
  connectionTimeout: 1_000,
  requestTimeout: 3_000,
  throwOnRequestTimeout: true,
};

/** One client a process; Powertools stores its records through it too. */
export const dynamoDbClient = new DynamoDBClient({
  maxAttempts: 3,
  requestHandler: requestTimeouts,
});

export const documentClient = DynamoDBDocumentClient.from(dynamoDbClient, createDocumentOptions());
