import {
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand as QueryItemsCommand,
  ScanCommand as ScanItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { marshallItem, unmarshallItem } from './document-values.ts';

/** What sends the commands of lib-dynamodb: the SDK's document client, or ours. */
export type DocumentClient = Pick<DynamoDBDocumentClient, 'send'>;

type Message = Readonly<Record<string, unknown>>;
type Convert = (value: never) => unknown;

const itemCommands = new Map<unknown, new (input: never) => object>([
  [GetCommand, GetItemCommand],
  [BatchGetCommand, BatchGetItemCommand],
  [PutCommand, PutItemCommand],
  [UpdateCommand, UpdateItemCommand],
  [QueryCommand, QueryItemsCommand],
  [ScanCommand, ScanItemsCommand],
  [TransactWriteCommand, TransactWriteItemsCommand],
]);

/** A copy of a message with some members converted; members without a value stay as they are. */
const convertMembers = (
  message: Message,
  conversions: Readonly<Record<string, Convert>>,
): Message => {
  const converted: Record<string, unknown> = { ...message };
  for (const [name, convert] of Object.entries(conversions)) {
    if (converted[name] !== undefined) converted[name] = convert(converted[name] as never);
  }

  return converted;
};

const listOf =
  (convert: Convert): Convert =>
  (list: readonly never[]) =>
    list.map(convert);

const mapOf =
  (convert: Convert): Convert =>
  (map: Message) =>
    Object.fromEntries(Object.entries(map).map(([name, value]) => [name, convert(value as never)]));

const membersOf =
  (conversions: Readonly<Record<string, Convert>>): Convert =>
  (message: Message) =>
    convertMembers(message, conversions);

const write = membersOf({
  Key: marshallItem,
  Item: marshallItem,
  ExpressionAttributeValues: marshallItem,
});

const inputMembers = {
  Key: marshallItem,
  Item: marshallItem,
  ExpressionAttributeValues: marshallItem,
  ExclusiveStartKey: marshallItem,
  TransactItems: listOf(mapOf(write)),
  RequestItems: mapOf(membersOf({ Keys: listOf(marshallItem) })),
};

const outputMembers = {
  Item: unmarshallItem,
  Items: listOf(unmarshallItem),
  Attributes: unmarshallItem,
  LastEvaluatedKey: unmarshallItem,
  Responses: mapOf(listOf(unmarshallItem)),
  UnprocessedKeys: mapOf(membersOf({ Keys: listOf(unmarshallItem) })),
};

/**
 * Creates a document client over a client that caches its middleware, which that of lib-dynamodb cannot. It
 * sends the commands of lib-dynamodb that the repositories use, with the same request bodies, outputs and errors.
 * Throws for any other command.
 */
export const createDocumentClient = (client: Pick<DynamoDBClient, 'send'>): DocumentClient => {
  const send = async (command: { readonly input: object }): Promise<Message> => {
    const ItemCommand = itemCommands.get(command.constructor);
    if (!ItemCommand) throw new Error(`The document client has no ${command.constructor.name}.`);
    const input = convertMembers(command.input as Message, inputMembers);
    const output: object = await client.send(new ItemCommand(input as never) as GetItemCommand);

    return convertMembers(output as Message, outputMembers);
  };

  return { send } as DocumentClient;
};
