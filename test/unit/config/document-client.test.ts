import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDynamoDbClient } from '../../../shared/config/aws-clients.ts';
import type { DocumentClient } from '../../../shared/config/document-client.ts';
import {
  createClientPair,
  createRecordedPair,
  credentials,
  recordingHandler,
  type SentRequest,
} from '../../support/sdk/document-clients.ts';

interface Command {
  readonly input: object;
}

let answer: object = {};
const { stock, ours, sent } = createRecordedPair(() => answer);

/** What a client sends for the command: its body and target, or the message of its error. */
const requestOf = async (client: DocumentClient, command: Command) => {
  sent.length = 0;
  try {
    await client.send(command as GetCommand);
  } catch (error) {
    return { error: (error as Error).message };
  }
  const [request] = sent;

  return { body: request?.body, target: request?.headers['x-amz-target'] };
};

const expectSameRequest = async (create: () => Command) => {
  expect(await requestOf(ours, create())).toEqual(await requestOf(stock, create()));
};

/** Any value that code could try to write, also those that DynamoDB or the SDK rejects. */
const anyValue = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.double(),
    fc.bigInt(),
    fc.boolean(),
    fc.constantFrom(null, undefined, -0, 2 ** 53, '', new Date(0), () => 1),
    fc.uint8Array({ maxLength: 4 }),
    fc.array(fc.string(), { maxLength: 3 }).map((members) => new Set(members)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('constructor', '__proto__')),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
})).value;

const anyItem = fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), anyValue, {
  maxKeys: 5,
});
const TableName = 'Payments';

describe('document client', () => {
  it('sends the same body as that of the SDK for any values', async () => {
    await fc.assert(
      fc.asyncProperty(anyItem, anyItem, async (Item, values) => {
        await expectSameRequest(() => new PutCommand({ TableName, Item }));
        await expectSameRequest(
          () =>
            new TransactWriteCommand({
              TransactItems: [
                { Put: { TableName, Item, ExpressionAttributeValues: values } },
                {
                  Update: {
                    TableName,
                    Key: Item,
                    UpdateExpression: 'SET #a = :a',
                    ExpressionAttributeNames: { '#a': 'a' },
                    ExpressionAttributeValues: values,
                  },
                },
                { ConditionCheck: { TableName, Key: values, ConditionExpression: 'a = b' } },
                { Delete: { TableName, Key: Item } },
              ],
              ClientRequestToken: 'token',
            }),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('sends the same body as that of the SDK for each command', async () => {
    const Key = { paymentId: 'pay_1', at: undefined, part: { n: 1 } };
    const names = { '#a': 'a' };
    const values = { ':a': 1, ':b': undefined };
    const commands: (() => Command)[] = [
      () => new GetCommand({ TableName, Key, ConsistentRead: true }),
      () => new PutCommand({ TableName, Item: Key, ExpressionAttributeValues: values }),
      () =>
        new UpdateCommand({
          ...{ TableName, Key, UpdateExpression: 'SET #a = :a' },
          ...{ ExpressionAttributeNames: names, ExpressionAttributeValues: values },
        }),
      () =>
        new QueryCommand({
          ...{ TableName, KeyConditionExpression: '#a = :a', ExclusiveStartKey: Key, Limit: 2 },
          ...{ ExpressionAttributeNames: names, ExpressionAttributeValues: values },
        }),
      () => new ScanCommand({ TableName, ExclusiveStartKey: Key }),
      () => new ScanCommand({ TableName, ExclusiveStartKey: undefined }),
      () =>
        new BatchGetCommand({
          RequestItems: {
            Payments: { Keys: [Key, Key], ConsistentRead: true },
            Orders: { Keys: [] },
          },
        }),
    ];

    for (const create of commands) await expectSameRequest(create);
  });

  it('adds a ClientRequestToken to a transaction that has none', async () => {
    const create = () => new TransactWriteCommand({ TransactItems: [] });
    for (const client of [stock, ours]) {
      const { body } = await requestOf(client, create());

      expect(JSON.parse(body ?? '').ClientRequestToken).toMatch(/^[\da-f-]{36}$/);
    }
  });

  it('does not change the input of a command', async () => {
    const command = new PutCommand({ TableName, Item: { lines: [{ sku: 'tea' }] } });
    await ours.send(command);

    expect(command.input).toEqual({ TableName, Item: { lines: [{ sku: 'tea' }] } });
  });

  it('rejects a command that it does not know', async () => {
    await expect(ours.send(new DeleteCommand({ TableName, Key: { id: '1' } }))).rejects.toThrow(
      'The document client has no DeleteCommand.',
    );
  });
});

/** Any value that DynamoDB can return. */
const anyAttribute = fc.letrec<{ attribute: object }>((tie) => ({
  attribute: fc.oneof(
    { maxDepth: 4 },
    fc.record({ S: fc.string() }),
    fc.record({
      N: fc.oneof(fc.integer().map(String), fc.constantFrom('9007199254740993', '1.5E+125', '0.1')),
    }),
    fc.record({ BOOL: fc.boolean() }),
    fc.constant({ NULL: true }),
    fc.record({
      B: fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes).toString('base64')),
    }),
    fc.record({ SS: fc.array(fc.string(), { minLength: 1, maxLength: 3 }) }),
    fc.record({ NS: fc.constant(['1', '2.5']) }),
    fc.record({ L: fc.array(tie('attribute'), { maxLength: 3 }) }),
    fc.record({ M: fc.dictionary(fc.string(), tie('attribute'), { maxKeys: 3 }) }),
  ),
})).attribute;

describe('user agent of a DynamoDB client', () => {
  it('names the SDK, and has the mark of Powertools', async () => {
    const requests: SentRequest[] = [];
    const client = createDynamoDbClient({
      ...{ region: 'eu-west-1', credentials, requestHandler: recordingHandler(requests) },
    });
    new DynamoDBPersistenceLayer({ tableName: 'Idempotency', awsSdkV3Client: client });
    const command = () => new GetItemCommand({ TableName, Key: {} });

    await client.send(command());
    await client.send(command());

    const [first, second] = requests.map(({ headers }) => headers['user-agent']);
    expect(first).toMatch(/^aws-sdk-js\/3[.\d]+ PT\/idempotency\/\S+ PTEnv\/\S+$/);
    expect(second).toBe(first);
  });
});

describe('output of the document client', () => {
  it('equals that of the SDK for any item', async () => {
    const items = fc.array(
      fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), anyAttribute, { maxKeys: 4 }),
      {
        minLength: 1,
        maxLength: 3,
      },
    );
    await fc.assert(
      fc.asyncProperty(items, async (Items) => {
        const [Item] = Items;
        const cases = [
          [() => new GetCommand({ TableName, Key: {} }), { Item }],
          [() => new GetCommand({ TableName, Key: {} }), {}],
          [() => new UpdateCommand({ TableName, Key: {} }), { Attributes: Item }],
          [() => new QueryCommand({ TableName }), { Items, LastEvaluatedKey: Item, Count: 1 }],
          [() => new ScanCommand({ TableName }), { Items, Count: 1 }],
          [
            () => new BatchGetCommand({ RequestItems: {} }),
            {
              Responses: { T: Items },
              UnprocessedKeys: { T: { Keys: Items, ConsistentRead: true } },
            },
          ],
        ] as const;
        for (const [create, next] of cases) {
          answer = next;
          const expected = await stock.send(create() as GetCommand);

          expect(await ours.send(create() as GetCommand)).toEqual(expected);
        }
        answer = {};
      }),
      { numRuns: 100 },
    );
  });

  it('belongs to its own call when many calls are in flight', async () => {
    const requestHandler = {
      handle: async ({ body }: { body: Uint8Array }) => {
        const { Key } = JSON.parse(new TextDecoder().decode(body));
        await new Promise((resolve) => setTimeout(resolve, Number(Key.id.N) % 7));

        return {
          response: {
            statusCode: 200,
            headers: {},
            body: Buffer.from(JSON.stringify({ Item: Key })),
          },
        };
      },
    };
    const { ours: client } = createClientPair({ requestHandler });
    const ids = Array.from({ length: 50 }, (_, id) => id);

    const items = await Promise.all(
      ids.map(async (id) => (await client.send(new GetCommand({ TableName, Key: { id } }))).Item),
    );

    expect(items).toEqual(ids.map((id) => ({ id })));
  });
});
