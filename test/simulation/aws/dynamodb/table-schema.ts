import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { validationException } from './exceptions.ts';
import type { KeySchema } from './key-conditions.ts';
import { type Item, typeOf } from './values.ts';

/** A table as CloudFormation defines it: with its time to live, which CreateTable does not have. */
export type TableDefinition = CreateTableCommandInput & {
  readonly TimeToLiveSpecification?: {
    readonly AttributeName?: string | undefined;
    readonly Enabled?: boolean | undefined;
  };
};

export interface IndexSchema extends KeySchema {
  /** The projected attributes, keys included; undefined for all. */
  readonly attributes: readonly string[] | undefined;
}

export interface TableSchema extends KeySchema {
  readonly name: string;
  readonly indexes: Readonly<Record<string, IndexSchema>>;
  /** The attribute with the time to live, in epoch seconds. */
  readonly expiresBy: string | undefined;
}

export const tableSchemaOf = (definition: TableDefinition): TableSchema => {
  const { TableName, KeySchema, AttributeDefinitions = [], TimeToLiveSpecification } = definition;
  const { GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] } = definition;
  const types: Record<string, string> = {};
  for (const { AttributeName = '', AttributeType = '' } of AttributeDefinitions) {
    types[AttributeName] = AttributeType;
  }
  const key = keySchemaOf(KeySchema, types);
  const indexes: Record<string, IndexSchema> = {};
  for (const index of [...GlobalSecondaryIndexes, ...LocalSecondaryIndexes]) {
    const indexKey = keySchemaOf(index.KeySchema, types);
    const { ProjectionType, NonKeyAttributes = [] } = index.Projection ?? {};
    const keys = attributesOf(key, indexKey);
    indexes[index.IndexName ?? ''] = {
      ...indexKey,
      attributes: ProjectionType === 'ALL' ? undefined : [...keys, ...NonKeyAttributes],
    };
  }
  const { AttributeName: expiresBy, Enabled = true } = TimeToLiveSpecification ?? {};

  return { ...key, name: TableName ?? '', indexes, expiresBy: Enabled ? expiresBy : undefined };
};

const keySchemaOf = (
  schema: CreateTableCommandInput['KeySchema'] = [],
  types: Readonly<Record<string, string>>,
): KeySchema => {
  const named = (type: string) => schema.find(({ KeyType }) => KeyType === type)?.AttributeName;

  const [partition = '', sort] = [named('HASH'), named('RANGE')];

  return { partition, sort, names: sort === undefined ? [partition] : [partition, sort], types };
};

/** The distinct key attributes of a table and an index. */
export const attributesOf = (table: KeySchema, index: KeySchema): readonly string[] => [
  ...new Set([...table.names, ...index.names]),
];

/** The key of an item as one text; two keys of a table never have the same. */
export const keyTextOf = ({ partition, sort }: KeySchema, item: Item): string =>
  sort === undefined ? `${item[partition]}` : `${item[partition]}\u0000${item[sort]}`;

/** Throws a ValidationException if `key` is not exactly a key of the table. */
export const checkKey = (schema: TableSchema, key: Item | undefined): void => {
  const attributes = schema.names;
  const hasAll = attributes.every(
    (name) => key?.[name] !== undefined && typeOf(key[name]) === schema.types[name],
  );
  if (key === undefined || !hasAll || Object.keys(key).length !== attributes.length) {
    throw validationException('The provided key element does not match the schema');
  }
  for (const name of attributes) checkNotEmpty(name, key[name]);
};

/** Throws a ValidationException if the item has no key, or an index key of another type. */
export const checkItem = (schema: TableSchema, item: Item): void => {
  const invalid = 'One or more parameter values were invalid:';
  for (const name of schema.names) {
    if (item[name] === undefined) {
      throw validationException(`${invalid} Missing the key ${name} in the item`);
    }
    checkType(`${invalid} Type mismatch for key`, schema, name, item);
  }
  for (const index of Object.values(schema.indexes)) {
    for (const name of index.names) {
      if (item[name] !== undefined) {
        checkType(`${invalid} Type mismatch for Index Key`, schema, name, item);
      }
    }
  }
};

const checkType = (problem: string, { types }: TableSchema, name: string, item: Item): void => {
  const actual = typeOf(item[name]);
  if (actual !== types[name]) {
    throw validationException(`${problem} ${name} expected: ${types[name]} actual: ${actual}`);
  }
  checkNotEmpty(name, item[name]);
};

const checkNotEmpty = (name: string, value: unknown): void => {
  if (value !== '') return;
  throw validationException(
    'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an ' +
      `empty string value. Key: ${name}`,
  );
};
