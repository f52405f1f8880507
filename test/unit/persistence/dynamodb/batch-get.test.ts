import { BatchGetCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, systemRuntime } from '../../../../shared/config/system-runtime.ts';
import { ServiceUnavailableError } from '../../../../shared/domain/errors.ts';
import { batchGet } from '../../../../shared/persistence/dynamodb/batch-get.ts';

const db = mockClient(DynamoDBDocumentClient);
const client = createDatabase(db as unknown as DynamoDBDocumentClient);
const requests = () =>
  db.commandCalls(BatchGetCommand).map(({ args: [{ input }] }) => input.RequestItems);
const keyOf = (id: number) => ({ table: 'A', key: { id } });

beforeEach(() => db.reset());

describe('batch get', () => {
  it('reads several tables in one strongly consistent request', async () => {
    db.on(BatchGetCommand).resolves({ Responses: { A: [{ id: 1 }], B: [{ name: 'x' }] } });

    const found = await batchGet(client, [keyOf(1), { table: 'B', key: { name: 'x' } }]);

    expect(requests()).toEqual([
      {
        A: { Keys: [{ id: 1 }], ConsistentRead: true },
        B: { Keys: [{ name: 'x' }], ConsistentRead: true },
      },
    ]);
    expect([found('A'), found('B'), found('C')]).toEqual([[{ id: 1 }], [{ name: 'x' }], []]);
  });

  it('reads only the given attributes', async () => {
    db.on(BatchGetCommand).resolves({});

    await batchGet(client, [keyOf(1)], ['status', 'amount']);

    expect(requests()).toEqual([
      {
        A: {
          Keys: [{ id: 1 }],
          ConsistentRead: true,
          ProjectionExpression: '#a0, #a1',
          ExpressionAttributeNames: { '#a0': 'status', '#a1': 'amount' },
        },
      },
    ]);
  });

  it('requests duplicate keys once', async () => {
    db.on(BatchGetCommand).resolves({});

    await batchGet(client, [keyOf(1), keyOf(2), keyOf(1)]);

    expect(requests()).toEqual([{ A: { Keys: [{ id: 1 }, { id: 2 }], ConsistentRead: true } }]);
  });

  it('requests at most 100 keys at a time', async () => {
    db.on(BatchGetCommand).resolves({});

    await batchGet(
      client,
      Array.from({ length: 101 }, (_, id) => keyOf(id)),
    );

    expect(requests().map((one) => one?.A?.Keys?.length)).toEqual([100, 1]);
  });

  it('retries unprocessed keys with backoff up to the maximum', async () => {
    const unprocessed = { A: { Keys: [{ id: 2 }], ConsistentRead: true } };
    db.on(BatchGetCommand)
      .resolvesOnce({ Responses: { A: [{ id: 1 }] }, UnprocessedKeys: unprocessed })
      .resolvesOnce({ Responses: { A: [{ id: 2 }] } })
      .resolves({ UnprocessedKeys: unprocessed });

    const delays: number[] = [];
    const database = createDatabase(client, {
      ...systemRuntime,
      random: () => 0.5,
      sleep: async (ms) => delays.push(ms),
    });

    const found = await batchGet(database, [keyOf(1), keyOf(2)]);

    expect(found('A')).toEqual([{ id: 1 }, { id: 2 }]);
    await expect(batchGet(database, [keyOf(2)])).rejects.toThrow(ServiceUnavailableError);
    expect(delays).toEqual([7.5, 7.5, 15, 30, 60]);
  });

  it('sends no request without keys', async () => {
    await batchGet(client, []);

    expect(requests()).toEqual([]);
  });
});
