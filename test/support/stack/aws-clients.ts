import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { inject } from 'vitest';
import { localClientConfig } from '../../../dev/local/aws.ts';

/** The stack under test. */
export const stack = inject('stack');

const clientConfig = localClientConfig(stack.endpoint);

export const db = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig), {
  marshallOptions: { removeUndefinedValues: true },
});
export const events = new EventBridgeClient(clientConfig);
/** How many functions the suite itself invokes at a time; more of them wait for their turn here. */
const maxInvocations = Number(process.env.AFTERCOMMIT_INVOCATIONS ?? 50);
/** Patient: a local stack runs only a few handlers at once and throttles the rest. */
export const lambda = new LambdaClient({
  ...clientConfig,
  maxAttempts: 12,
  requestHandler: {
    httpAgent: { maxSockets: maxInvocations },
    // Waiting for a turn is what is meant to happen.
    socketAcquisitionWarningTimeout: 600_000,
  },
});
/** Asks at the stack's address, whatever host a queue's address names: in containers it is one of theirs. */
export const sqs = new SQSClient({ ...clientConfig, useQueueUrlAsEndpoint: false });
export const stepFunctions = new SFNClient(clientConfig);
