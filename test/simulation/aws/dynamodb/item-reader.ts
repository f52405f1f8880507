import type {
  BatchGetCommandInput,
  GetCommandInput,
  TransactGetCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { compiled } from './compiled-expressions.ts';
import { validationException } from './exceptions.ts';
import { scopeOf } from './placeholders.ts';
import { projected } from './projections.ts';
import { type Table, versionAt } from './table.ts';
import { checkKey, keyTextOf } from './table-schema.ts';
import { type Item, toReader } from './values.ts';

/** The table of a name. Throws ResourceNotFoundException. */
export type FindTable = (name: string | undefined) => Table;

interface View {
  readonly now: number;
  /** How old a read that is not consistent is, in milliseconds. */
  readonly ageMs: number;
}

const maxKeys = 100;

/** One item by its key. */
export const get = (
  findTable: FindTable,
  request: GetCommandInput,
  { now, ageMs }: View,
): { Item?: Item } => {
  const table = findTable(request.TableName);
  const projection = compiled.projection(request.ProjectionExpression);
  const scope = scopeOf(request, [projection]);
  checkKey(table.schema, request.Key);
  const row = table.find(request.Key as Item);
  const item = row && versionAt(row, request.ConsistentRead === true ? now : now - ageMs);
  if (item === undefined) return {};

  return { Item: toReader(projection ? projected(projection, item, scope) : item) };
};

/** Items of several tables by their keys. */
export const batchGet = (
  findTable: FindTable,
  { RequestItems = {} }: BatchGetCommandInput,
  view: View,
): object => {
  const requests = Object.entries(RequestItems);
  const count = requests.reduce((sum, [, { Keys = [] }]) => sum + Keys.length, 0);
  if (count === 0) throw validationException('The batch get request list cannot be empty');
  if (count > maxKeys) {
    throw validationException('Too many items requested for the BatchGetItem call');
  }
  const responses = requests.map(([TableName, { Keys = [], ...request }]) => {
    const { schema } = findTable(TableName);
    if (new Set(Keys.map((key) => keyTextOf(schema, key))).size < Keys.length) {
      throw validationException('Provided list of item keys contains duplicates');
    }
    const outputs = Keys.map((Key) => get(findTable, { TableName, Key, ...request }, view));

    return [TableName, outputs.flatMap(({ Item: item }) => item ?? [])];
  });

  return { Responses: Object.fromEntries(responses), UnprocessedKeys: {} };
};

/** Items by their keys at one instant; `{}` for a missing one. */
export const transactGet = (
  findTable: FindTable,
  { TransactItems = [] }: TransactGetCommandInput,
  now: number,
): object => {
  if (TransactItems.length === 0 || TransactItems.length > maxKeys) {
    throw validationException(`A transaction reads 1 to ${maxKeys} items`);
  }

  return {
    Responses: TransactItems.map(({ Get: one }) =>
      get(findTable, one as GetCommandInput, { now, ageMs: 0 }),
    ),
  };
};
