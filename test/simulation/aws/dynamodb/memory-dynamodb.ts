import {
  ConditionalCheckFailedException,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import type {
  BatchGetCommandInput,
  GetCommandInput,
  QueryCommandInput,
  ScanCommandInput,
  TransactGetCommandInput,
  TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { notSimulated } from './exceptions.ts';
import { batchGet, get, transactGet } from './item-reader.ts';
import { query, type ReadAges, scan } from './page-reader.ts';
import { maxAgeMs, Table } from './table.ts';
import { type TableDefinition, tableSchemaOf } from './table-schema.ts';
import { TransactionTokens } from './transaction-tokens.ts';
import { cancellation, checkTransaction } from './transactions.ts';
import { areEqual, type Item, toStored } from './values.ts';
import {
  itemAfter,
  meetsCondition,
  prepareWrite,
  returnedBy,
  returnedOnFailure,
  type WriteKind,
  type WriteRequest,
} from './write-requests.ts';

/** A write that changed an item, as in the stream of its table. */
export interface ItemWrite {
  readonly table: string;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  /** 1, 2, 3 ... over all tables. */
  readonly sequence: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The caller given to `execute`. */
  readonly by: string;
}

export interface Execution {
  /** Who sends the command, for `ItemWrite.by`. */
  readonly by?: string;
  /** The SDK's attempts until this one, for `$metadata` of an exception. */
  readonly attempts?: number;
  /** How old the view of an index is, at most 10 seconds. */
  readonly indexAgeMs?: number;
  /** How old the view of a read that is not consistent is, at most 10 seconds. */
  readonly readAgeMs?: number;
}

export interface MemoryDynamoDbOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Called at the instant of each write that changes an item, in their order. */
  readonly onWrite?: (write: ItemWrite) => void;
}

/**
 * DynamoDB in memory. Each command is executed at one instant. Items are deeply frozen, and all readers share
 * them.
 */
export class MemoryDynamoDb {
  readonly #tables = new Map<string, Table>();
  readonly #now: () => number;
  readonly #onWrite: (write: ItemWrite) => void;
  readonly #tokens = new TransactionTokens();
  #sequence = 0;

  constructor(
    tables: readonly TableDefinition[],
    { now, onWrite = () => {} }: MemoryDynamoDbOptions,
  ) {
    for (const definition of tables) {
      const schema = tableSchemaOf(definition);
      this.#tables.set(schema.name, new Table(schema));
    }
    this.#now = now;
    this.#onWrite = onWrite;
  }

  /**
   * Executes a command and returns its output with plain values, or throws the SDK's exception. `operation` is
   * the command's name in lib-dynamodb without "Command": Get, BatchGet, Put, Update, Delete, Query, Scan,
   * TransactWrite, TransactGet.
   */
  execute(operation: string, input: object, execution: Execution = {}): object {
    const ages = agesOf(execution);
    const now = this.#now();
    const findTable = (name: string | undefined) => this.#table(name);
    switch (operation) {
      case 'Get':
        return get(findTable, input as GetCommandInput, { now, ageMs: ages.table });
      case 'BatchGet':
        return batchGet(findTable, input as BatchGetCommandInput, { now, ageMs: ages.table });
      case 'TransactGet':
        return transactGet(findTable, input as TransactGetCommandInput, now);
      case 'Query': {
        const request = input as QueryCommandInput;

        return query(this.#table(request.TableName), request, now, ages);
      }
      case 'Scan': {
        const request = input as ScanCommandInput;

        return scan(this.#table(request.TableName), request, now, ages);
      }
      case 'Put':
      case 'Update':
      case 'Delete':
        return this.#write(operation, input as WriteRequest, execution);
      case 'TransactWrite':
        return this.#transactWrite(input as TransactWriteCommandInput, execution);
      default:
        throw notSimulated(`the command ${operation}`);
    }
  }

  /** All items of a table, in the order in which their keys were first written. */
  items<T = Item>(table: string): readonly T[] {
    return this.#table(table).items as readonly T[];
  }

  item<T = Item>(table: string, key: object): T | undefined {
    return this.#table(table).find(key as Item)?.item as T | undefined;
  }

  /** Stores an item without condition and stream, to prepare a table. */
  put(table: string, item: object): void {
    const stored = toStored(item as Item);
    this.#table(table).write(stored, stored, this.#now());
  }

  /** Deletes an item without stream. */
  remove(table: string, key: object): void {
    this.#table(table).write(key as Item, undefined, this.#now());
  }

  /** Stores an item without condition, as another service does: the write is in the stream. */
  writeExternally(table: string, item: object, by = 'another service'): void {
    this.execute('Put', { TableName: table, Item: item }, { by });
  }

  /** Deletes the items whose time to live has passed, in the stream too. Returns their number. */
  expire(table: string): number {
    const { schema, items } = this.#table(table);
    const { expiresBy } = schema;
    if (expiresBy === undefined) return 0;
    const seconds = this.#now() / 1_000;
    const expired = items.filter((item) => {
      const time = item[expiresBy];

      return typeof time === 'number' && time < seconds;
    });
    for (const item of expired) this.#store(this.#table(table), item, undefined, 'time to live');

    return expired.length;
  }

  #table(name: string | undefined): Table {
    const table = this.#tables.get(name ?? '');
    if (table !== undefined) return table;
    throw new ResourceNotFoundException({
      message: `Requested resource not found: Table: ${name} not found`,
      $metadata: { httpStatusCode: 400 },
    });
  }

  #write(kind: WriteKind, request: WriteRequest, { by = '', attempts = 1 }: Execution): object {
    const write = prepareWrite(kind, request, this.#table(request.TableName));
    const before = write.table.find(write.target)?.item;
    if (!meetsCondition(write, before)) {
      throw new ConditionalCheckFailedException({
        message: 'The conditional request failed',
        $metadata: { httpStatusCode: 400, attempts },
        ...returnedOnFailure(write, before),
      });
    }
    const after = itemAfter(write, before);
    this.#store(write.table, write.target, after, by);

    return returnedBy(write, before, after);
  }

  #transactWrite(input: TransactWriteCommandInput, { by = '', attempts = 1 }: Execution): object {
    const { TransactItems = [], ClientRequestToken: token } = input;
    const writes = checkTransaction(TransactItems, (kind, request) =>
      prepareWrite(kind, request, this.#table(request.TableName)),
    );
    if (this.#tokens.has(token, TransactItems, this.#now())) return {};
    const { cancelled, afters } = cancellation(writes, attempts);
    if (cancelled !== undefined) throw cancelled;
    for (const [index, write] of writes.entries()) {
      if (write.kind !== 'ConditionCheck')
        this.#store(write.table, write.target, afters[index], by);
    }
    this.#tokens.add(token, TransactItems, this.#now());

    return {};
  }

  /** A write that changes nothing is not in the stream. */
  #store(table: Table, target: Item, after: Item | undefined, by: string): void {
    const before = table.find(target)?.item;
    if (before === after || (before && after && areEqual(before, after))) return;
    const at = this.#now();
    table.write(target, after, at);
    this.#sequence += 1;
    this.#onWrite({ table: table.schema.name, before, after, sequence: this.#sequence, at, by });
  }
}

const agesOf = ({ indexAgeMs = 0, readAgeMs = 0 }: Execution): ReadAges => {
  if (Math.max(indexAgeMs, readAgeMs) > maxAgeMs) {
    throw new RangeError(`Versions are kept for ${maxAgeMs} ms: a read cannot be older.`);
  }

  return { index: indexAgeMs, table: readAgeMs };
};
