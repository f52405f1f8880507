import { randomUUID } from 'node:crypto';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { APIGatewayProxyStructuredResultV2, SQSEvent } from 'aws-lambda';
import { kebabCase } from '../../cdk/constructs/names.ts';
import {
  composeFunction,
  type FunctionFolder,
  type Platform,
} from '../../dev/simulation/compositions.ts';
import type { Environment } from '../../shared/config/env.ts';
import type { Runtime } from '../../shared/config/platform.ts';
import { createDatabase } from '../../shared/config/system-runtime.ts';
import { checkoutFromEnv } from '../../shared/gateway/checkout.ts';
import {
  chargeListFromEnv,
  referenceFinderFromEnv,
} from '../../shared/gateway/gateway-from-env.ts';
import { tokenFormats } from '../../shared/gateway/token-format.ts';
import { webhookReaderFromEnv } from '../../shared/gateway/webhook-reader.ts';
import { type ApiRequest, apiGatewayEvent } from '../support/builders/api-gateway-event.ts';
import { noon } from '../support/builders/builders.ts';
import { aQueueRecord } from '../support/builders/queue-record.ts';
import { aStreamRecord } from '../support/builders/stream-records.ts';
import { readDeployment } from '../support/cdk/deployment.ts';
import { contexts } from '../support/cdk/synthesis.ts';
import { createGatewayModel } from '../support/fakes/gateway-model.ts';
import { MemoryDynamo } from '../support/fakes/memory-dynamo.ts';
import { createMemoryIdempotencyTable } from '../support/fakes/memory-idempotency-table.ts';
import { MemorySqs } from '../support/fakes/memory-sqs.ts';
import { aLambdaContext } from '../support/harness/invoke-handler.ts';

export const deployments = {
  sandbox: readDeployment('sandbox', contexts.sandbox),
  production: readDeployment('production', contexts.production),
};
export const deployment = deployments.sandbox;

/** The variables that CDK gives a function of the sandbox. */
export const environmentOf = (folder: FunctionFolder): Environment =>
  deployment.functions.find((deployed) => deployed.folder === folder)?.environment ?? {};

/** The functions of the sandbox in this process, over one database, one bus and one gateway in memory. */
export const createProcess = (own: Partial<Platform> = {}) => {
  const tables = new MemoryDynamo(
    Object.fromEntries(
      deployment.tables.map(({ TableName = '', KeySchema = [] }) => [
        TableName,
        KeySchema.map(({ AttributeName = '' }) => AttributeName),
      ]),
    ),
  );
  const { gateway } = createGatewayModel(() => 'answered');
  const queues = new MemorySqs();
  const published: { DetailType?: string; Detail?: string }[] = [];
  const bus = {
    send: async ({ input: { Entries = [] } }: PutEventsCommand) => {
      published.push(...Entries);

      return { FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: 'taken' })) };
    },
  } as unknown as EventBridgeClient;
  const runtime: Runtime = {
    clock: { now: () => noon },
    sleep: async () => {},
    random: Math.random,
    randomId: randomUUID,
  };
  const platform: Omit<Platform, 'environment'> = {
    ...runtime,
    db: createDatabase(tables.client, runtime),
    dynamoDb: createMemoryIdempotencyTable().dynamoDb,
    createSqs: () => queues.client,
    createEventBridge: () => bus,
    createDynamoDbStreams: () => ({}) as DynamoDBStreamsClient,
    createInvoker: () => (name, event) => invoke(kebabCase(name) as FunctionFolder, event),
    createSecretReader: () => async () => 'c2VjcmV0',
    openGateway: () => gateway,
    openChargeList: chargeListFromEnv,
    openReferenceFinder: referenceFinderFromEnv,
    openCheckout: checkoutFromEnv,
    openWebhookReader: webhookReaderFromEnv,
    post: async () => {},
    tokenFormat: tokenFormats.simulator,
    ...own,
  };
  const invoke = (folder: FunctionFolder, event: unknown) =>
    composeFunction(folder, { ...platform, environment: environmentOf(folder) })(
      event,
      aLambdaContext(),
    );

  return {
    platform,
    tables,
    queues,
    invoke,
    request: async (folder: FunctionFolder, request: ApiRequest) => {
      const result = await invoke(folder, apiGatewayEvent({ buyer: 'alice', ...request }));
      const { statusCode, body = '' } = result as APIGatewayProxyStructuredResultV2;

      return { status: statusCode, body: JSON.parse(body) };
    },
    /** Relays every change since the last call, and returns the events that it became. */
    relay: async () => {
      const Records = tables.changes
        .splice(0)
        .filter(({ table }) => deployment.streams.some((stream) => stream.table === table))
        .map(({ table, ...change }) => aStreamRecord(table as 'Payments', change));
      await invoke('relay-changes', { Records });

      return published.splice(0);
    },
  };
};

/** A message of a queue with one event. */
export const queueEventOf = (name = '', envelope = '{}'): SQSEvent => ({
  Records: [aQueueRecord(JSON.stringify({ 'detail-type': name, detail: JSON.parse(envelope) }))],
});
