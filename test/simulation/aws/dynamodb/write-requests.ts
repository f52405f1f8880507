import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { itemSizeOf } from '../../../support/dynamodb-item-size.ts';
import { compiled } from './compiled-expressions.ts';
import { meets } from './evaluate-condition.ts';
import { notSimulated, validationException } from './exceptions.ts';
import { type Scope, scopeOf } from './placeholders.ts';
import type { Table } from './table.ts';
import { checkItem, checkKey, type TableSchema } from './table-schema.ts';
import { updatedItem } from './updates.ts';
import { boundOf, type Item, toReader, toStored } from './values.ts';

type Member = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** One of Put, Update, Delete and ConditionCheck, as in a member of a transaction. */
export interface WriteRequest {
  readonly TableName: string | undefined;
  readonly Item?: Item;
  readonly Key?: Item;
  readonly ConditionExpression?: string;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>;
  readonly ReturnValues?: string;
  readonly ReturnValuesOnConditionCheckFailure?: string;
}

export type WriteKind = keyof Member;

/** A write that is checked and ready to be executed. */
export interface PreparedWrite {
  readonly kind: WriteKind;
  readonly request: WriteRequest;
  readonly table: Table;
  /** The item of a Put, or the key. */
  readonly target: Item;
  readonly scope: Scope;
}

/** Throws a ValidationException for a request that DynamoDB rejects before it reads the item. */
export const prepareWrite = (
  kind: WriteKind,
  request: WriteRequest,
  table: Table,
): PreparedWrite => {
  const expressions = [
    compiled.condition(request.ConditionExpression),
    kind === 'Update' ? compiled.update(request.UpdateExpression) : undefined,
  ];
  const scope = scopeOf(request, expressions);
  if (kind !== 'Put') {
    checkKey(table.schema, request.Key);

    return { kind, request, table, scope, target: toStored(request.Key as Item) };
  }
  const target = toStored(request.Item ?? {});
  checkItem(table.schema, target);
  checkSize(target, 'Item size has exceeded the maximum allowed size');

  return { kind, request, table, scope, target };
};

/** Whether the condition of a write holds for the stored item. */
export const meetsCondition = ({ request, scope }: PreparedWrite, item: Item | undefined) => {
  const expression = compiled.condition(request.ConditionExpression);

  return expression === undefined || meets(expression.condition, item, scope);
};

/** The item after a write; undefined if there is none. Throws a ValidationException, as DynamoDB does. */
export const itemAfter = (write: PreparedWrite, before: Item | undefined): Item | undefined => {
  const { kind, table, target, request } = write;
  if (kind === 'Put') return target;
  if (kind === 'Delete') return undefined;
  if (kind === 'ConditionCheck') return before;
  const item = before ?? target;
  const update = compiled.update(request.UpdateExpression);
  if (update === undefined) return item;
  const after = updatedItem(update, item, table.schema.names, write.scope);
  checkUpdated(table.schema, after);

  return after;
};

const checkUpdated = (schema: TableSchema, after: Item): void => {
  checkItem(schema, after);
  checkSize(after, 'Item size to update has exceeded the maximum allowed size');
};

/** 400 KB, names included. */
const maxItemBytes = 400 * 1_024;

const checkSize = (item: Item, problem: string): void => {
  if (boundOf(item) > maxItemBytes && itemSizeOf(item) > maxItemBytes) {
    throw validationException(problem);
  }
};

/** `Item` of an exception in DynamoDB JSON, if the request asks for it. */
export const returnedOnFailure = ({ request }: PreparedWrite, item: Item | undefined) =>
  item && request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' ? { Item: marshall(item) } : {};

/** The output of a write with its `ReturnValues`. */
export const returnedBy = (
  { kind, request: { ReturnValues: values = 'NONE' } }: PreparedWrite,
  before: Item | undefined,
  after: Item | undefined,
): object => {
  if (values === 'NONE') return {};
  if (values === 'ALL_OLD') return before ? { Attributes: toReader(before) } : {};
  if (kind !== 'Update') throw validationException('Return values set to invalid value');
  if (values !== 'ALL_NEW') throw notSimulated(`ReturnValues ${values}`);

  return { Attributes: toReader(after) };
};
