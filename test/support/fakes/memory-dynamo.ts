import type { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Database } from '../../../shared/config/platform.ts';
import { createDatabase } from '../../../shared/config/system-runtime.ts';
import { documentClientOf } from '../../simulation/aws/dynamodb/clients.ts';
import { MemoryDynamoDb } from '../../simulation/aws/dynamodb/memory-dynamodb.ts';
import type { TableDefinition } from '../../simulation/aws/dynamodb/table-schema.ts';
import type { Item } from '../../simulation/aws/dynamodb/values.ts';

/**
 * The in-memory DynamoDB for unit tests, with tables by their keys. Every command is atomic and immediate, so
 * that a scheduler in front of it (`turn`) can run commands in any order. A page of a scan has one item.
 */
export class MemoryDynamo {
  readonly #db: MemoryDynamoDb;
  readonly #client: DynamoDBDocumentClient;

  /** All puts and updates that changed an item, in order, as in the tables' streams. */
  readonly changes: { table: string; before: Item | undefined; after: Item }[] = [];

  constructor(
    keys: Readonly<Record<string, readonly string[]>>,
    turn: () => Promise<unknown> = async () => {},
  ) {
    const tables = Object.entries(keys).map(([name, key]) => tableOf(name, key));
    this.#db = new MemoryDynamoDb(tables, {
      now: Date.now,
      onWrite: ({ table, before, after }) => {
        if (after !== undefined) this.changes.push({ table, before, after });
      },
    });
    this.#client = documentClientOf(async (operation, input) => {
      await turn();

      return this.#db.execute(operation, operation === 'Scan' ? { ...input, Limit: 1 } : input);
    });
  }

  /** Typed as the database, with the runtime of this process. */
  get client(): Database {
    return createDatabase(this as unknown as DynamoDBDocumentClient);
  }

  /** Sends a command of lib-dynamodb. */
  async send(command: unknown): Promise<object> {
    return this.#client.send(command as GetCommand);
  }

  items<T>(table: string): T[] {
    return [...this.#db.items<T>(table)];
  }

  put(table: string, item: object): void {
    this.#db.put(table, item);
  }

  /** Writes without conditions, as another service does. */
  deleteItem(table: string, key: object): void {
    this.#db.remove(table, key);
  }
}

/** The service's indexes, for every table. */
const indexes = {
  byUser: ['userId', 'createdAt'],
  byDue: ['dueShard', 'dueAt'],
  byPayment: ['paymentId', 'createdAt'],
  byAge: ['status', 'openedAt'],
  byAmount: ['status', 'amountAtRisk'],
};
/** What an index projects besides its keys; all attributes by default. */
const projections: Partial<Record<string, readonly string[]>> = { byUser: ['orderId'], byDue: [] };
const numbers = ['amountAtRisk'];

const tableOf = (name: string, key: readonly string[]): TableDefinition => ({
  TableName: name,
  KeySchema: keySchemaOf(key),
  AttributeDefinitions: [...new Set([...key, ...Object.values(indexes).flat()])].map(
    (AttributeName) => ({
      AttributeName,
      AttributeType: numbers.includes(AttributeName) ? 'N' : 'S',
    }),
  ),
  GlobalSecondaryIndexes: Object.entries(indexes).map(([IndexName, attributes]) => ({
    IndexName,
    KeySchema: keySchemaOf(attributes),
    Projection: projectionOf(projections[IndexName]),
  })),
});

const projectionOf = (attributes: readonly string[] | undefined) => {
  if (attributes === undefined) return { ProjectionType: 'ALL' as const };
  if (attributes.length === 0) return { ProjectionType: 'KEYS_ONLY' as const };

  return { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...attributes] };
};

const keySchemaOf = (attributes: readonly string[]) =>
  attributes.map((AttributeName, index) => ({
    AttributeName,
    KeyType: index === 0 ? ('HASH' as const) : ('RANGE' as const),
  }));
