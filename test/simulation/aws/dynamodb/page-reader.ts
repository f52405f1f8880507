import type { QueryCommandInput, ScanCommandInput } from '@aws-sdk/lib-dynamodb';
import { itemSizeOf } from '../../../support/dynamodb-item-size.ts';
import { compiled } from './compiled-expressions.ts';
import type { ConditionExpression } from './conditions.ts';
import { meets } from './evaluate-condition.ts';
import { notSimulated, validationException } from './exceptions.ts';
import { keyConditionOf } from './key-conditions.ts';
import { nameOf, type Scope, scopeOf } from './placeholders.ts';
import { type ProjectionExpression, projected } from './projections.ts';
import { type Row, type Table, versionAt } from './table.ts';
import { attributesOf, type IndexSchema, keyTextOf } from './table-schema.ts';
import { boundOf, compare, compareText, type Item, toReader, toStored } from './values.ts';

/** How old the views are that a read gets, in milliseconds. */
export interface ReadAges {
  readonly index: number;
  readonly table: number;
}

type Request = QueryCommandInput | ScanCommandInput;

/** An item and its place in a table or an index. */
interface Entry {
  readonly key: string;
  readonly item: Item;
}

/** A page of a query. */
export const query = (table: Table, request: QueryCommandInput, now: number, ages: ReadAges) => {
  const view = viewOf(table, request);
  const condition = compiled.keyCondition(request.KeyConditionExpression);
  if (condition === undefined) {
    throw validationException(
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    );
  }
  const filter = compiled.filter(request.FilterExpression);
  const projection = compiled.projection(request.ProjectionExpression);
  const scope = scopeOf(request, [condition, filter, projection]);
  const { partitionValue, ofSort } = keyConditionOf(condition, view, scope);
  checkFilter(filter, view, scope);

  const time = now - ageOf(request, ages);
  const { partition, sort } = view;
  const entries = versionsOf(table.partition(view, partitionValue, now), time).filter(
    ({ item }) =>
      item[partition] === partitionValue &&
      (sort === undefined || item[sort] !== undefined) &&
      (ofSort === undefined || meets(ofSort, item, scope)),
  );
  const direction = request.ScanIndexForward === false ? -1 : 1;
  const order = (one: Entry, other: Entry) =>
    direction *
    ((sort === undefined ? 0 : (compare(one.item[sort], other.item[sort]) ?? 0)) ||
      compareText(one.key, other.key));
  entries.sort(order);
  const start = startOf(table, view, request);
  if (start !== undefined && start.item[partition] !== partitionValue) {
    throw validationException(
      'The provided starting key is outside query boundaries based on provided conditions',
    );
  }
  const remaining = start === undefined ? entries : entries.filter((one) => order(one, start) > 0);

  return pageOf(table, { request, view, entries: remaining, filter, projection, scope });
};

/** A page of a scan of the table, in the order of the keys. */
export const scan = (table: Table, request: ScanCommandInput, now: number, ages: ReadAges) => {
  if (request.IndexName !== undefined) throw notSimulated('a scan of an index');
  if (request.Segment !== undefined) throw notSimulated('a parallel scan');
  const view = viewOf(table, request);
  const filter = compiled.filter(request.FilterExpression);
  const projection = compiled.projection(request.ProjectionExpression);
  const scope = scopeOf(request, [filter, projection]);
  const start = startOf(table, view, request);
  const entries = versionsOf(table.rows(), now - ageOf(request, ages)).filter(
    ({ key }) => start === undefined || compareText(key, start.key) > 0,
  );

  return pageOf(table, { request, view, entries, filter, projection, scope });
};

const viewOf = ({ schema }: Table, { IndexName, ConsistentRead }: Request): IndexSchema => {
  if (IndexName === undefined) return { ...schema, attributes: undefined };
  const index = schema.indexes[IndexName];
  if (index === undefined) {
    throw validationException(`The table does not have the specified index: ${IndexName}`);
  }
  if (ConsistentRead === true) {
    throw validationException('Consistent reads are not supported on global secondary indexes');
  }

  return index;
};

const ageOf = ({ IndexName, ConsistentRead }: Request, ages: ReadAges): number => {
  if (IndexName !== undefined) return ages.index;

  return ConsistentRead === true ? 0 : ages.table;
};

const versionsOf = (rows: readonly Row[], time: number): Entry[] => {
  const entries: Entry[] = [];
  for (const row of rows) {
    const item = versionAt(row, time);
    if (item !== undefined) entries.push({ key: row.key, item });
  }

  return entries;
};

const startOf = (
  { schema }: Table,
  view: IndexSchema,
  { ExclusiveStartKey: start }: Request,
): Entry | undefined => {
  if (start === undefined) return undefined;
  const attributes = attributesOf(schema, view);
  const isComplete = attributes.every((name) => start[name] !== undefined);
  if (!isComplete || Object.keys(start).length !== attributes.length) {
    throw validationException('The provided starting key is invalid');
  }

  return { key: keyTextOf(schema, start), item: start };
};

const checkFilter = (
  filter: ConditionExpression | undefined,
  view: IndexSchema,
  scope: Scope,
): void => {
  if (filter === undefined) return;
  const filtered = [...filter.used.attributes].map((attribute) => nameOf(attribute, scope));
  for (const name of view.names) {
    if (!filtered.includes(name)) continue;
    const problem = 'Filter Expression can only contain non-primary key attributes';
    throw validationException(`${problem}: Primary key attribute: ${name}`);
  }
};

interface PageParts {
  readonly request: Request;
  readonly view: IndexSchema;
  readonly entries: readonly Entry[];
  readonly filter: ConditionExpression | undefined;
  readonly projection: ProjectionExpression | undefined;
  readonly scope: Scope;
}

const maxPageBytes = 1_048_576;

/** The limits end a page before the filter, so that a page can be empty and not the last. */
const pageOf = (table: Table, parts: PageParts) => {
  const { request, view, entries, filter, projection, scope } = parts;
  const evaluated = entries.slice(0, countOfPage(entries, request.Limit));
  const Items = evaluated.flatMap(({ item }) => {
    const visible = projectedByIndex(view, item);
    if (filter !== undefined && !meets(filter.condition, visible, scope)) return [];

    return [toReader(projection === undefined ? visible : projected(projection, visible, scope))];
  });
  const last = evaluated.at(-1);
  const isLimited = evaluated.length < entries.length || evaluated.length === request.Limit;

  return {
    ...(request.Select !== 'COUNT' && { Items }),
    Count: Items.length,
    ScannedCount: evaluated.length,
    ...(isLimited &&
      last && {
        LastEvaluatedKey: attributesFrom(last.item, attributesOf(table.schema, view)),
      }),
  };
};

const countOfPage = (entries: readonly Entry[], limit = Number.POSITIVE_INFINITY): number => {
  if (limit < 1) throw validationException('Limit must be greater than or equal to 1');
  let bound = 0;
  let count = 0;
  for (const { item } of entries) {
    if (count === limit) return count;
    bound += boundOf(item);
    count += 1;
    if (bound > maxPageBytes) return Math.min(limit, exactCountOfPage(entries));
  }

  return count;
};

const exactCountOfPage = (entries: readonly Entry[]): number => {
  let bytes = 0;
  for (const [index, { item }] of entries.entries()) {
    bytes += itemSizeOf(item);
    if (bytes > maxPageBytes) return Math.max(1, index);
  }

  return entries.length;
};

const projectedByIndex = ({ attributes }: IndexSchema, item: Item): Item =>
  attributes === undefined ? item : attributesFrom(item, attributes);

const attributesFrom = (item: Item, names: readonly string[]): Item =>
  toStored(Object.fromEntries(names.map((name) => [name, item[name]])));
