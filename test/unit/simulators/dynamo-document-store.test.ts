import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { logger } from '../../../shared/observability/logger.ts';
import { updateDocument } from '../../../shared/simulators/document-store.ts';
import { createDynamoStore } from '../../../shared/simulators/dynamo-document-store.ts';
import { withoutChallengeId } from '../../../shared/simulators/gateway/challenges.ts';
import { redirectReply } from '../../../shared/simulators/html-page.ts';
import { createPlainHandler } from '../../../shared/simulators/lambda-adapter.ts';
import {
  jsonReply,
  type PlainRequest,
  type PlainResponse,
} from '../../../shared/simulators/plain-http.ts';

const db = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-west-1' }));
const dynamo = mockClient(db);
const documents = createDynamoStore<{ count: number }>({
  db,
  table: 'Simulators',
  prefix: 'account#',
});
const versionConflict = new ConditionalCheckFailedException({ message: 'no', $metadata: {} });

beforeAll(() => logger.setLogLevel('SILENT'));
beforeEach(() => {
  dynamo.reset();
});

describe('DynamoDB document store', () => {
  it('writes the first version only if there is none', async () => {
    dynamo.on(PutCommand).resolves({});

    expect(await documents.write('p-1', { count: 1 }, 0)).toBe(true);
    expect(dynamo.commandCalls(PutCommand)[0]?.args[0].input).toEqual({
      TableName: 'Simulators',
      Item: { id: 'account#p-1', version: 1, document: { count: 1 } },
      ConditionExpression: 'attribute_not_exists(id)',
    });
  });

  it('writes a later version only over the version that was read', async () => {
    dynamo.on(PutCommand).resolves({});

    await documents.write('p-1', { count: 2 }, 7);

    expect(dynamo.commandCalls(PutCommand)[0]?.args[0].input).toMatchObject({
      Item: { version: 8 },
      ConditionExpression: '#version = :expected',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':expected': 7 },
    });
  });

  it('repeats the update after a version conflict', async () => {
    dynamo
      .on(GetCommand)
      .resolvesOnce({})
      .resolves({ Item: { id: 'account#p-1', version: 1, document: { count: 5 } } });
    dynamo.on(PutCommand).rejectsOnce(versionConflict).resolves({});

    const result = await updateDocument(documents, 'p-1', (stored = { count: 0 }) => {
      const value = { count: stored.count + 1 };

      return { value, result: value.count };
    });

    expect(result).toBe(6);
    expect(dynamo.commandCalls(PutCommand)[1]?.args[0].input).toMatchObject({
      Item: { version: 2, document: { count: 6 } },
    });
  });

  it('throws other errors', async () => {
    dynamo.on(PutCommand).rejects(new Error('throttled'));

    await expect(documents.write('p-1', { count: 1 }, 0)).rejects.toThrow('throttled');
  });

  it('lists every page of its own prefix', async () => {
    dynamo
      .on(ScanCommand)
      .resolvesOnce({
        Items: [{ document: { count: 1 } }],
        LastEvaluatedKey: { id: 'account#p-1' },
      })
      .resolvesOnce({ Items: [{ document: { count: 2 } }] });

    expect(await documents.list()).toEqual([{ count: 1 }, { count: 2 }]);
    expect(dynamo.commandCalls(ScanCommand)[1]?.args[0].input).toMatchObject({
      ExclusiveStartKey: { id: 'account#p-1' },
      ExpressionAttributeValues: { ':prefix': 'account#' },
    });
  });
});

describe('simulator behind an HTTP API', () => {
  const event = (over: Partial<APIGatewayProxyEventV2> = {}) =>
    ({
      rawPath: '/charges',
      headers: { 'idempotency-key': 'k-1' },
      queryStringParameters: { reference: 'p-1' },
      requestContext: { http: { method: 'POST' } },
      body: '{"amount":1}',
      isBase64Encoded: false,
      ...over,
    }) as APIGatewayProxyEventV2;
  const invoke = async (response: PlainResponse, from = event()) => {
    const wait = vi.fn(async () => undefined);
    const server = vi.fn(async (_request: PlainRequest) => response);
    const handler = createPlainHandler(server, { maxDelayMs: 25_000, sleep: wait });
    const result = await handler(from, { awsRequestId: 'r-1' } as Context);

    return { result, server, wait };
  };

  it('passes the request to the server', async () => {
    const { server, result, wait } = await invoke(jsonReply(200, { ok: true }));

    expect(server).toHaveBeenCalledWith({
      method: 'POST',
      path: '/charges',
      query: { reference: 'p-1' },
      headers: { 'idempotency-key': 'k-1' },
      body: '{"amount":1}',
    });
    expect(result).toMatchObject({ statusCode: 200, body: '{"ok":true}' });
    expect(wait).not.toHaveBeenCalled();
  });

  it('decodes a body that API Gateway encoded', async () => {
    const encoded = event({
      body: Buffer.from('{"a":1}').toString('base64'),
      isBase64Encoded: true,
    });

    const { server } = await invoke(jsonReply(200, {}), encoded);

    expect(server.mock.calls[0]?.[0].body).toBe('{"a":1}');
  });

  it('returns the headers of a page in place of those of JSON', async () => {
    const { result } = await invoke(redirectReply('https://shop.example/', { reference: 'p-1' }));
    const json = await invoke(jsonReply(200, {}));

    expect(result).toMatchObject({
      statusCode: 303,
      headers: { location: 'https://shop.example/?reference=p-1', 'cache-control': 'no-store' },
    });
    expect(json.result).toMatchObject({ headers: { 'content-type': 'application/json' } });
  });

  it('logs the path that `loggedPathOf` returns', async () => {
    const logged = vi.spyOn(logger, 'info');
    const server = async () => jsonReply(200, {});
    const handler = createPlainHandler(server, {
      maxDelayMs: 25_000,
      sleep: async () => undefined,
      loggedPathOf: withoutChallengeId,
    });

    await handler(event({ rawPath: '/challenge/secret.p-1' }), { awsRequestId: 'r-1' } as Context);
    await handler(event(), { awsRequestId: 'r-1' } as Context);

    expect(logged.mock.calls.map(([, fields]) => fields)).toMatchObject([
      { path: '/challenge/{id}' },
      { path: '/charges' },
    ]);
  });

  it.each([
    ['a slow response as long as it takes', jsonReply(200, {}, 5_000), 5_000, 200],
    ['a hang until its client has timed out', { kind: 'hang' } as const, 25_000, 504],
  ])('waits for %s', async (_what, response, delayMs, statusCode) => {
    const { result, wait } = await invoke(response);

    expect(wait).toHaveBeenCalledExactlyOnceWith(delayMs);
    expect(result).toMatchObject({ statusCode });
  });
});
