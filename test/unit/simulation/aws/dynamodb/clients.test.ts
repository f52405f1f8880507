import { isSdkClient } from '@aws-lambda-powertools/commons';
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, paginateScan, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { documentClientOf, lowLevelClientOf } from '../../../../simulation/aws/dynamodb/clients.ts';
import { createTestDatabase } from './harness.ts';

const TableName = 'Orders';
const Key = { id: { S: 'a' } };

const createClients = () => {
  const { execute } = createTestDatabase();
  const send = async (operation: string, input: object) => execute(operation, input);

  return { documents: documentClientOf(send), dynamoDb: lowLevelClientOf(send) };
};

describe('document client', () => {
  it('sends commands with plain values', async () => {
    const { documents } = createClients();
    await documents.send(new PutCommand({ TableName, Item: { id: 'a', n: 1 } }));
    await documents.send(
      new TransactWriteCommand({ TransactItems: [{ Put: { TableName, Item: { id: 'b' } } }] }),
    );

    const { Item } = await documents.send(new GetCommand({ TableName, Key: { id: 'a' } }));

    expect(Item).toEqual({ id: 'a', n: 1 });
  });

  it("serves the SDK's paginators", async () => {
    const { documents } = createClients();
    for (const id of ['a', 'b', 'c']) {
      await documents.send(new PutCommand({ TableName, Item: { id } }));
    }

    const pages = await Array.fromAsync(
      paginateScan({ client: documents, pageSize: 2 }, { TableName }),
    );

    expect(pages.map(({ Items }) => Items)).toEqual([[{ id: 'a' }, { id: 'b' }], [{ id: 'c' }]]);
  });
});

describe('low-level client', () => {
  it('is a client of the SDK for Powertools', () => {
    expect(isSdkClient(createClients().dynamoDb)).toBe(true);
  });

  it('converts items from and to DynamoDB JSON', async () => {
    const { dynamoDb } = createClients();
    await dynamoDb.send(new PutItemCommand({ TableName, Item: { ...Key, n: { N: '1' } } }));
    await dynamoDb.send(
      new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression: 'SET n = n + :n, #list = :list',
        ExpressionAttributeNames: { '#list': 'list' },
        ExpressionAttributeValues: { ':n': { N: '2' }, ':list': { L: [{ BOOL: true }] } },
      }),
    );

    const { Item } = await dynamoDb.send(new GetItemCommand({ TableName, Key }));
    await dynamoDb.send(new DeleteItemCommand({ TableName, Key }));

    expect(Item).toEqual({ ...Key, n: { N: '3' }, list: { L: [{ BOOL: true }] } });
    expect(await dynamoDb.send(new GetItemCommand({ TableName, Key }))).toEqual({});
  });

  it("throws the SDK's exceptions", async () => {
    const { dynamoDb } = createClients();
    const put = new PutItemCommand({
      TableName,
      Item: Key,
      ConditionExpression: 'attribute_not_exists(id)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    await dynamoDb.send(put);

    const error = await dynamoDb.send(put).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(ConditionalCheckFailedException);
    expect(error).toMatchObject({ Item: Key });
  });
});
