import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDocumentOptions } from './document-values.ts';

/**
 * Timeouts in milliseconds, below those of API Gateway (30 s) and the functions, so that the code handles
 * them.
 */
export const requestTimeouts = {
  connectionTimeout: 1_000,
  requestTimeout: 3_000,
  throwOnRequestTimeout: true,
};

/** One client for each process; Powertools uses it too. */
export const dynamoDbClient = new DynamoDBClient({
  maxAttempts: 3,
  requestHandler: requestTimeouts,
});

export const documentClient = DynamoDBDocumentClient.from(dynamoDbClient, createDocumentOptions());
