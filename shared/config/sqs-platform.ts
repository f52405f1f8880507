import { SQSClient } from '@aws-sdk/client-sqs';
import { requestTimeouts } from './aws-clients.ts';
import type { SqsPlatform } from './platform.ts';

export const sqsPlatform: SqsPlatform = {
  createSqs: (options) => new SQSClient({ ...options, requestHandler: requestTimeouts }),
};
