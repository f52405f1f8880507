import { expect } from 'vitest';
import {
  type ItemWrite,
  MemoryDynamoDb,
} from '../../../../simulation/aws/dynamodb/memory-dynamodb.ts';
import type { TableDefinition } from '../../../../simulation/aws/dynamodb/table-schema.ts';

const keyOf = (...attributes: readonly string[]) =>
  attributes.map((AttributeName, index) => ({
    AttributeName,
    KeyType: index === 0 ? ('HASH' as const) : ('RANGE' as const),
  }));

const attributesOf = (types: Readonly<Record<string, 'S' | 'N'>>) =>
  Object.entries(types).map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));

/** Orders by id, with an index by buyer (status only) and one by due time (keys only); Lines by order and line. */
const tables: readonly TableDefinition[] = [
  {
    TableName: 'Orders',
    KeySchema: keyOf('id'),
    AttributeDefinitions: attributesOf({ id: 'S', buyer: 'S', total: 'N', shard: 'S', due: 'S' }),
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byBuyer',
        KeySchema: keyOf('buyer', 'total'),
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['status'] },
      },
      {
        IndexName: 'byDue',
        KeySchema: keyOf('shard', 'due'),
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
      {
        IndexName: 'all',
        KeySchema: keyOf('buyer', 'due'),
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
  },
  {
    TableName: 'Lines',
    KeySchema: keyOf('order', 'line'),
    AttributeDefinitions: attributesOf({ order: 'S', line: 'N' }),
  },
];

export type Output = Readonly<Record<string, unknown>>;

/** A database with a clock of its own and the writes of its streams. */
export const createTestDatabase = () => {
  const writes: ItemWrite[] = [];
  const clock = { now: Date.UTC(2026, 2, 14, 12) };
  const db = new MemoryDynamoDb(tables, {
    now: () => clock.now,
    onWrite: (write) => writes.push(write),
  });
  const execute = (...args: Parameters<MemoryDynamoDb['execute']>) => db.execute(...args) as Output;

  return { db, clock, writes, execute };
};

/** Matches DynamoDB's rejection of a request. */
export const invalid = (message: string) =>
  expect.objectContaining({
    name: 'ValidationException',
    message: expect.stringContaining(message),
  });
