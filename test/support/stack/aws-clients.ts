import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { inject } from 'vitest';
import { localClientConfig } from '../../../dev/local/aws.ts';
import { createDatabase } from '../../../shared/config/system-runtime.ts';

/** The stack under test. */
export const stack = inject('stack');

const clientConfig = localClientConfig(stack.endpoint);

export const db = createDatabase(
  DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig), {
    marshallOptions: { removeUndefinedValues: true },
  }),
);
export const streams = new DynamoDBStreamsClient(clientConfig);
export const events = new EventBridgeClient(clientConfig);
/** Limit of concurrent invocations by the suite; further ones wait here. */
const maxInvocations = Number(process.env.AFTERCOMMIT_INVOCATIONS ?? 50);
/** Retries often: a local stack runs few handlers concurrently and throttles the rest. */
export const lambda = new LambdaClient({
  ...clientConfig,
  maxAttempts: 12,
  requestHandler: {
    httpAgent: { maxSockets: maxInvocations },
    // The wait for a free slot is intended: no timeout.
    socketAcquisitionWarningTimeout: 600_000,
  },
});
/** Uses the stack's address, not the host of a queue URL, which in containers is an internal one. */
export const sqs = new SQSClient({ ...clientConfig, useQueueUrlAsEndpoint: false });
export const stepFunctions = new SFNClient(clientConfig);
