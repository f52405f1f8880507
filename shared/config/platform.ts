import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../domain/time.ts';
import type { DocumentClient } from './document-client.ts';
import type { Environment } from './env.ts';

/** Time and randomness. A simulation gives its own, so that one seed repeats a run. */
export interface Runtime {
  readonly clock: Clock;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** A number from 0, including, to 1, excluding. */
  readonly random: () => number;
  readonly randomId: () => string;
}

/** The document client, and what retries and transactions on it use. */
export interface Database extends DocumentClient {
  readonly runtime: Runtime;
}

/**
 * What a function runs on. Each `compose.ts` names the parts that it needs, and each `index.ts` gives
 * Lambda's. So one process can compose several functions, each with its own environment.
 */
export interface BasePlatform extends Runtime {
  readonly environment: Environment;
  readonly db: Database;
  /** Powertools stores its records through this client. */
  readonly dynamoDb: DynamoDBClient;
}

interface RetryOptions {
  readonly maxAttempts: number;
}

export interface SqsPlatform {
  readonly createSqs: (options: RetryOptions) => SQSClient;
}

export interface EventBridgePlatform {
  readonly createEventBridge: (options: RetryOptions) => EventBridgeClient;
}

export interface DynamoDbStreamsPlatform {
  readonly createDynamoDbStreams: (options: RetryOptions) => DynamoDBStreamsClient;
}

export interface SecretsPlatform {
  readonly createSecretReader: (arn: string) => () => Promise<string>;
}

/** Invokes a function with an event and returns its result. Throws if the function threw. */
export type InvokeFunction = (functionName: string, event: object) => Promise<unknown>;

export interface InvocationPlatform {
  readonly createInvoker: () => InvokeFunction;
}
