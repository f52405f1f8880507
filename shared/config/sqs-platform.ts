import { SQSClient } from '@aws-sdk/client-sqs';
import { createLeanClient } from './aws-clients.ts';
import type { SqsPlatform } from './platform.ts';

export const sqsPlatform: SqsPlatform = {
  createSqs: ({ maxAttempts }) =>
    createLeanClient('sqs', (options) => new SQSClient({ ...options, maxAttempts })),
};
