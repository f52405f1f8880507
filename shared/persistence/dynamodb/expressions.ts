import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';

/** A stored item as plain values. */
export type Item = Record<string, unknown>;

/** One member of a TransactWrite. */
export type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** A clause of a condition expression. */
export type Condition = (names: Names) => string;

/** Assigns `#name` and `:value` placeholders, each name once. */
class Names {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, unknown> = {};

  name(attribute: string): string {
    this.names[`#${attribute}`] = attribute;

    return `#${attribute}`;
  }

  value(value: unknown): string {
    const placeholder = `:v${Object.keys(this.values).length}`;
    this.values[placeholder] = value;

    return placeholder;
  }
}

export const equals =
  (attribute: string, value: unknown): Condition =>
  (names) =>
    `${names.name(attribute)} = ${names.value(value)}`;

export const isIn =
  (attribute: string, values: readonly unknown[]): Condition =>
  (names) =>
    `${names.name(attribute)} IN (${values.map((value) => names.value(value)).join(', ')})`;

export const greaterOrEqual =
  (attribute: string, value: number): Condition =>
  (names) =>
    `${names.name(attribute)} >= ${names.value(value)}`;

/** A number attribute from `min` to `max`. False if the attribute is missing or has another type. */
export const between =
  (attribute: string, min: number, max: number): Condition =>
  (names) =>
    `${names.name(attribute)} BETWEEN ${names.value(min)} AND ${names.value(max)}`;

export const lessOrEqual =
  (attribute: string, value: string): Condition =>
  (names) =>
    `${names.name(attribute)} <= ${names.value(value)}`;

export const notExists =
  (attribute: string): Condition =>
  (names) =>
    `attribute_not_exists(${names.name(attribute)})`;

export const exists =
  (attribute: string): Condition =>
  (names) =>
    `attribute_exists(${names.name(attribute)})`;

export const notExistsOrLessOrEqual =
  (attribute: string, value: string): Condition =>
  (names) =>
    `(attribute_not_exists(${names.name(attribute)}) OR ${names.name(attribute)} <= ${names.value(value)})`;

/** The attribute still has the value that was read, or is still absent. */
export const stillEquals = (attribute: string, value: unknown): Condition =>
  value === undefined ? notExists(attribute) : equals(attribute, value);

/** The attribute is absent or a number, so that a number can be added to it. */
export const notExistsOrNumber =
  (attribute: string): Condition =>
  (names) =>
    `(attribute_not_exists(${names.name(attribute)}) OR attribute_type(${names.name(attribute)}, ${names.value('N')}))`;

export interface ItemUpdate {
  readonly set?: Item;
  readonly add?: Readonly<Record<string, number>>;
  /** Entries appended to the end of a list attribute. */
  readonly append?: Readonly<Record<string, readonly unknown[]>>;
  readonly remove?: readonly string[];
}

interface ConditionalTarget {
  readonly table: string;
  readonly key: Item;
  readonly conditions: readonly Condition[];
}

const placeholders = ({ names, values }: Pick<Names, 'names' | 'values'>) => ({
  ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
  ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
});

const conditionExpression = (conditions: readonly Condition[], names: Names) => ({
  ConditionExpression: conditions.map((clause) => clause(names)).join(' AND '),
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
});

const section = (verb: string, clauses: readonly string[]) =>
  clauses.length > 0 ? [`${verb} ${clauses.join(', ')}`] : [];

/** An update of one item under all `conditions`; without conditions, it is unconditional. */
export const update = ({ table, key, conditions, ...actions }: ConditionalTarget & ItemUpdate) => {
  const names = new Names();
  const { set = {}, add = {}, append = {}, remove = [] } = actions;
  const sets = [
    ...Object.entries(set).map(([name, value]) => `${names.name(name)} = ${names.value(value)}`),
    ...Object.entries(append).map(
      ([name, list]) =>
        `${names.name(name)} = list_append(${names.name(name)}, ${names.value(list)})`,
    ),
  ];
  const adds = Object.entries(add).map(
    ([name, number]) => `${names.name(name)} ${names.value(number)}`,
  );
  const expression = [
    ...section('SET', sets),
    ...section('ADD', adds),
    ...section(
      'REMOVE',
      remove.map((name) => names.name(name)),
    ),
  ].join(' ');
  const condition = conditions.length > 0 && conditionExpression(conditions, names);

  return {
    Update: {
      TableName: table,
      Key: key,
      UpdateExpression: expression,
      ...condition,
      ...placeholders(names),
    },
  } satisfies Write;
};

/** A put that fails if the key already has an item. `id` is the name of the partition key. */
export const putIfAbsent = ({ table, item, id }: { table: string; item: object; id: string }) => {
  const names = new Names();
  const condition = conditionExpression([notExists(id)], names);

  return {
    Put: { TableName: table, Item: item as Item, ...condition, ...placeholders(names) },
  } satisfies Write;
};

/** A deletion of one item under all `conditions`, at least one. */
export const deletion = ({ table, key, conditions }: ConditionalTarget) => {
  const names = new Names();
  const condition = conditionExpression(conditions, names);

  return {
    Delete: { TableName: table, Key: key, ...condition, ...placeholders(names) },
  } satisfies Write;
};

/** Writes nothing, but fails its transaction if one of the `conditions` is false. */
export const conditionCheck = ({ table, key, conditions }: ConditionalTarget) => {
  const names = new Names();
  const condition = conditionExpression(conditions, names);

  return {
    ConditionCheck: { TableName: table, Key: key, ...condition, ...placeholders(names) },
  } satisfies Write;
};

/** The condition of an update as a check that writes nothing. Throws for any other write. */
export const conditionCheckOf = ({ Update }: Write) => {
  if (Update?.ConditionExpression === undefined)
    throw new Error('Only a conditional update has a condition check.');
  const { TableName, Key, ConditionExpression, ReturnValuesOnConditionCheckFailure } = Update;
  // DynamoDB rejects names and values that an expression does not use.
  const used = new Set(ConditionExpression.match(/[#:]\w+/g));
  const onlyUsed = (all: Readonly<Record<string, unknown>> = {}) =>
    Object.fromEntries(Object.entries(all).filter(([placeholder]) => used.has(placeholder)));

  return {
    ConditionCheck: {
      TableName,
      Key,
      ConditionExpression,
      ReturnValuesOnConditionCheckFailure,
      ...placeholders({
        names: onlyUsed(Update.ExpressionAttributeNames) as Record<string, string>,
        values: onlyUsed(Update.ExpressionAttributeValues),
      }),
    },
  } satisfies Write;
};
