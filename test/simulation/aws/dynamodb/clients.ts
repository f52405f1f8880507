import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { isMap, parseNumber } from './values.ts';

/** Sends a command by its name without "Command", with plain values. */
export type SendToDynamoDb = (operation: string, input: object) => Promise<object>;

interface Command {
  readonly input: object;
}

/** A document client that sends its commands by `send`. */
export const documentClientOf = (send: SendToDynamoDb): DynamoDBDocumentClient => {
  // The SDK's paginators accept only instances of this class.
  const client: DynamoDBDocumentClient = Object.create(DynamoDBDocumentClient.prototype);

  return Object.assign(client, {
    send: (command: Command) => send(operationOf(command, /Command$/), command.input),
  });
};

const operationOf = (command: Command, suffix: RegExp): string =>
  command.constructor.name.replace(suffix, '');

/**
 * A client whose commands have DynamoDB JSON, for Powertools' persistence layer: PutItem, GetItem, UpdateItem
 * and DeleteItem.
 */
export const lowLevelClientOf = (send: SendToDynamoDb): DynamoDBClient => {
  const client = {
    config: {},
    // Powertools adds its user agent to it.
    middlewareStack: { identify: () => [], addRelativeTo: () => {} },
    send: async (command: Command) => {
      const output = await send(
        operationOf(command, /ItemCommand$/),
        fromDynamoDbJson(command.input),
      );

      return toDynamoDbJson(output);
    },
  };

  return client as unknown as DynamoDBClient;
};

/** The members of an input or output that hold DynamoDB JSON. */
const documents = ['Item', 'Key', 'ExpressionAttributeValues', 'Attributes'];

const convertDocuments = (message: object, convert: (document: never) => unknown): object =>
  Object.fromEntries(
    Object.entries(message).map(([name, value]) =>
      documents.includes(name) && isMap(value) ? [name, convert(value as never)] : [name, value],
    ),
  );

const fromDynamoDbJson = (input: object) =>
  convertDocuments(input, (document) => unmarshall(document, { wrapNumbers: parseNumber }));

const toDynamoDbJson = (output: object) =>
  convertDocuments(output, (document) => marshall(document));
