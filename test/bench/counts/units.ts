import { isDeepStrictEqual } from 'node:util';
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { type StoredItem, sizeOf } from '../../support/dynamodb-item-size.ts';

/** The units that one request consumes of a table or an index. */
export interface Units {
  /** `Payments`, or `Payments.byUser`. */
  readonly of: string;
  readonly units: number;
}

interface Write {
  readonly table: CreateTableCommandInput;
  readonly before: StoredItem | undefined;
  readonly after: StoredItem | undefined;
  readonly isTransactional: boolean;
}

const bytesPerWriteUnit = 1_024;
const bytesPerReadUnit = 4_096;
const transactionFactor = 2;

const writeUnitsFor = (...items: readonly (StoredItem | undefined)[]): number =>
  Math.max(1, ...items.map((item) => Math.ceil((item ? sizeOf(item) : 0) / bytesPerWriteUnit)));

/**
 * The write units of one item: one per started KB of the larger of the old and the new item, doubled in a
 * transaction. Adds the units of the indexes, which are updated after the write and so not doubled.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html,
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
 */
export const writeUnits = ({ table, before, after, isTransactional }: Write): readonly Units[] => {
  const name = table.TableName ?? '';
  const own = writeUnitsFor(before, after) * (isTransactional ? transactionFactor : 1);
  const ofIndexes = (table.GlobalSecondaryIndexes ?? []).map((index) => ({
    of: `${name}.${index.IndexName}`,
    units: indexWrites(projectItem(table, index, before), projectItem(table, index, after), index),
  }));

  return [{ of: name, units: own }, ...ofIndexes.filter(({ units }) => units > 0)];
};

type Index = NonNullable<CreateTableCommandInput['GlobalSecondaryIndexes']>[number];
type KeySchema = CreateTableCommandInput['KeySchema'];

const keyOf = (schema: KeySchema): string[] =>
  (schema ?? []).map(({ AttributeName = '' }) => AttributeName);

/** The item as projected into the index; undefined if the index does not contain it. */
const projectItem = (
  table: CreateTableCommandInput,
  index: Index,
  item: StoredItem | undefined,
): StoredItem | undefined => {
  const keys = keyOf(index.KeySchema);
  if (item === undefined || keys.some((key) => item[key] === undefined)) return undefined;
  const { ProjectionType, NonKeyAttributes = [] } = index.Projection ?? {};
  if (ProjectionType === 'ALL') return item;
  const attributeNames = [...keys, ...keyOf(table.KeySchema), ...NonKeyAttributes];

  return Object.fromEntries(Object.entries(item).filter(([name]) => attributeNames.includes(name)));
};

const indexWrites = (
  before: StoredItem | undefined,
  after: StoredItem | undefined,
  { KeySchema }: Index,
): number => {
  if (isDeepStrictEqual(before, after)) return 0;
  if (before === undefined || after === undefined) return writeUnitsFor(before, after);
  const hasKeyChanged = keyOf(KeySchema).some((key) => !isDeepStrictEqual(before[key], after[key]));

  // A changed index key is a delete and a put.
  return hasKeyChanged
    ? writeUnitsFor(before) + writeUnitsFor(after)
    : writeUnitsFor(before, after);
};

/** The read units of a request: one per started 4 KB, half of that for an eventually consistent read. */
export const readUnits = (
  of: string,
  items: readonly StoredItem[],
  isConsistent: boolean,
): Units => {
  const size = items.reduce((sum, item) => sum + sizeOf(item), 0);

  return { of, units: Math.max(1, Math.ceil(size / bytesPerReadUnit)) / (isConsistent ? 1 : 2) };
};
