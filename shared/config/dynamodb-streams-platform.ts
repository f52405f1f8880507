import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { createLeanClient } from './aws-clients.ts';
import type { DynamoDbStreamsPlatform } from './platform.ts';

export const dynamoDbStreamsPlatform: DynamoDbStreamsPlatform = {
  createDynamoDbStreams: ({ maxAttempts }) =>
    createLeanClient(
      'dynamodb',
      (options) => new DynamoDBStreamsClient({ ...options, maxAttempts }),
    ),
};
