import type { KeySchema } from './key-conditions.ts';
import { keyTextOf, type TableSchema } from './table-schema.ts';
import { compareText, type Item } from './values.ts';

/** How long a read can lag. */
export const maxAgeMs = 10_000;

/** What was stored before a write, valid to its time. */
interface PastVersion {
  readonly until: number;
  readonly item: Item | undefined;
}

/** A key with its item and the versions before. */
export interface Row {
  readonly key: string;
  item: Item | undefined;
  past: readonly PastVersion[];
}

/** The items of one table, in memory, with their versions of the last seconds. */
export class Table {
  readonly schema: TableSchema;
  readonly #rows = new Map<string, Row>();
  /** Rows that have, or had, a value of a partition key, by the attribute's name and value. */
  readonly #partitions = new Map<string, Map<unknown, Set<Row>>>();
  /** In the order of their keys; undefined after a new key. */
  #sorted: readonly Row[] | undefined;
  /** Undefined after a write. */
  #items: readonly Item[] | undefined;

  constructor(schema: TableSchema) {
    this.schema = schema;
    for (const { partition } of [schema, ...Object.values(schema.indexes)]) {
      this.#partitions.set(partition, new Map());
    }
  }

  /** In the order in which their keys were first written. */
  get items(): readonly Item[] {
    this.#items ??= [...this.#rows.values()].flatMap(({ item }) =>
      item === undefined ? [] : [item],
    );

    return this.#items;
  }

  /** The row of a key or an item. */
  find(keyOrItem: Item): Row | undefined {
    return this.#rows.get(keyTextOf(this.schema, keyOrItem));
  }

  /** All rows in the order of their keys, also those without an item. */
  rows(): readonly Row[] {
    this.#sorted ??= [...this.#rows.values()].sort((one, other) => compareText(one.key, other.key));

    return this.#sorted;
  }

  /** The rows that have, or had until lately, this value of a partition key. Forgets the others. */
  partition(schema: KeySchema, value: unknown, now: number): readonly Row[] {
    const rows = this.#partitions.get(schema.partition)?.get(value);
    if (rows === undefined) return [];
    for (const row of rows) {
      const isRecent = row.past.some(({ until }) => until > now - maxAgeMs);
      if (row.item?.[schema.partition] !== value && !isRecent) rows.delete(row);
    }

    return [...rows];
  }

  /** Stores the version after a write; undefined deletes the item. */
  write(keyOrItem: Item, after: Item | undefined, now: number): void {
    const row = this.find(keyOrItem) ?? this.#createRow(keyTextOf(this.schema, keyOrItem));
    const remembered = row.past.filter(({ until }) => until > now - maxAgeMs);
    row.past = [...remembered, { until: now, item: row.item }];
    row.item = after;
    this.#items = undefined;
    for (const [name, partitions] of this.#partitions) {
      const value = after?.[name];
      if (value === undefined) continue;
      const rows = partitions.get(value) ?? new Set();
      partitions.set(value, rows.add(row));
    }
  }

  #createRow(key: string): Row {
    const row: Row = { key, item: undefined, past: [] };
    this.#rows.set(key, row);
    this.#sorted = undefined;

    return row;
  }
}

/** The item of a row as it was at a time. */
export const versionAt = (row: Row, time: number): Item | undefined => {
  const later = row.past.find(({ until }) => until > time);

  return later ? later.item : row.item;
};
