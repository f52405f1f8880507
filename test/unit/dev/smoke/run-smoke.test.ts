import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CliError } from '../../../../dev/cli/cli-error.ts';
import { listen, type RunningServer } from '../../../../dev/local/http-server.ts';
import { runSmoke } from '../../../../dev/smoke/run-smoke.ts';
import type { SmokeStage } from '../../../../dev/smoke/stages.ts';

const dynamoDb = mockClient(DynamoDBDocumentClient);

describe('the smoke test of a stage', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await listen(async ({ headers }) => ({
      kind: 'reply',
      afterMs: 0,
      status: headers.authorization === 'Bearer valid' ? 200 : 401,
      body: '{"items":[],"points":0}',
    }));
  });
  afterAll(() => server.close());
  beforeEach(() => {
    dynamoDb.reset();
    dynamoDb.rejects(new Error('A command was sent to DynamoDB.'));
  });

  const stageWith = (given: { apiUrl?: string; buyer?: string; operator?: string }) =>
    ({
      apiUrl: given.apiUrl ?? server.url,
      client: { region: 'local' },
      tables: {},
      buyer: { userId: 'smoke-1', token: given.buyer ?? 'valid' },
      operatorToken: given.operator ?? 'valid',
    }) as unknown as SmokeStage;

  it.each([
    ['address', { apiUrl: 'http://127.0.0.1:1' }, 'http://127.0.0.1:1 cannot be reached'],
    ['token of the buyer', { buyer: 'expired' }, 'GET /me/points answered 401'],
    ['token of the operator', { operator: 'expired' }, '/operator/reviews answered 401'],
  ])('ends before it reads or writes an item, with a wrong %s', async (_what, given, sentence) => {
    const error = await runSmoke(stageWith(given), 'smoke-1', () => {}).catch((thrown) => thrown);

    expect(error).toBeInstanceOf(CliError);
    expect(error.message).toContain(sentence);
    expect(dynamoDb.calls()).toEqual([]);
  });

  it('begins to write when both tokens are valid', async () => {
    await expect(runSmoke(stageWith({}), 'smoke-1', () => {})).rejects.toThrow(
      'A command was sent to DynamoDB.',
    );
  });
});
