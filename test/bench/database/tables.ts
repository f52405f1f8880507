import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { localClientConfig } from '../../../dev/local/aws.ts';
import type { Deployment } from '../../support/cdk/deployment/deployed-resources.ts';

export const createClient = (endpoint: string): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(
    new DynamoDBClient({ ...localClientConfig(endpoint), maxAttempts: 8 }),
    {
      marshallOptions: { removeUndefinedValues: true },
    },
  );

/** Creates the tables as they are deployed, with streams and indexes. */
export const createTables = async (
  db: DynamoDBDocumentClient,
  tables: Deployment['tables'],
): Promise<void> => {
  for (const table of tables) await db.send(new CreateTableCommand(table));
};

const maxBatchSize = 25;
const parallelWrites = 8;

/** Writes many items in concurrent batches. */
export const putAll = async (
  db: DynamoDBDocumentClient,
  table: string,
  items: readonly object[],
): Promise<void> => {
  let next = 0;
  const writer = async () => {
    while (next < items.length) {
      const batch = items.slice(next, next + maxBatchSize);
      next += maxBatchSize;
      const requests = batch.map((Item) => ({ PutRequest: { Item } }));
      const { UnprocessedItems } = await db.send(
        new BatchWriteCommand({ RequestItems: { [table]: requests } }),
      );
      if (Object.keys(UnprocessedItems ?? {}).length > 0)
        throw new Error(`The database did not write all items of ${table}.`);
    }
  };
  await Promise.all(Array.from({ length: parallelWrites }, writer));
};

/** The given attributes of all items of a table. */
export const scanAll = async <Item>(
  db: DynamoDBDocumentClient,
  table: string,
  attributes: readonly (keyof Item & string)[],
): Promise<Item[]> => {
  const names = Object.fromEntries(attributes.map((name) => [`#${name}`, name]));
  const pages = paginateScan(
    { client: db },
    {
      TableName: table,
      ConsistentRead: true,
      ProjectionExpression: Object.keys(names).join(', '),
      ExpressionAttributeNames: names,
    },
  );
  const found: Item[] = [];
  for await (const { Items = [] } of pages) found.push(...(Items as Item[]));

  return found;
};
