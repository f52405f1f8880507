import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, vi } from 'vitest';
import { documentClient, dynamoDbClient } from '../../shared/config/aws-clients.ts';
import { flushMetrics } from '../../shared/observability/metrics.ts';

/** A client, or the prototype of all, whose `send` may be a stub of aws-sdk-client-mock. */
interface MaybeMocked {
  readonly send: { readonly restore?: () => void };
}

const mockable = [
  ...[dynamoDbClient, documentClient],
  ...[DynamoDBClient, DynamoDBDocumentClient].map(({ prototype }) => prototype),
  ...[EventBridgeClient, SecretsManagerClient, SQSClient].map(({ prototype }) => prototype),
] as unknown as readonly MaybeMocked[];

// Unit test files share their modules: each starts without metrics of the previous file and removes its own mocks.
beforeAll(() => flushMetrics());

afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.useRealTimers();
  for (const { send } of mockable) send.restore?.();
});
