import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { Database } from '../../config/platform.ts';
import { ServiceUnavailableError } from '../../domain/errors.ts';
import type { Item } from './expressions.ts';
import { backoff } from './retry.ts';

export interface ItemKey {
  readonly table: string;
  readonly key: Item;
}

/** The limit of a BatchGetItem request. */
const maxKeys = 100;

const maxAttempts = 5;

type Keys = Readonly<Record<string, { readonly Keys: Item[]; readonly ConsistentRead: boolean }>>;

const projectionOf = (attributes: readonly string[]) => ({
  ProjectionExpression: attributes.map((_, index) => `#a${index}`).join(', '),
  ExpressionAttributeNames: Object.fromEntries(
    attributes.map((name, index) => [`#a${index}`, name]),
  ),
});

const groupByTable = (
  itemKeys: readonly ItemKey[],
  attributes: readonly string[] | undefined,
): Keys =>
  Object.fromEntries(
    Object.entries(Object.groupBy(itemKeys, ({ table }) => table)).map(([table, all = []]) => [
      table,
      {
        Keys: all.map(({ key }) => key),
        ConsistentRead: true,
        ...(attributes && projectionOf(attributes)),
      },
    ]),
  );

/** DynamoDB rejects a request with duplicate keys. */
const distinctKeys = (itemKeys: readonly ItemKey[]): readonly ItemKey[] => [
  ...new Map(itemKeys.map((itemKey) => [JSON.stringify(itemKey), itemKey])).values(),
];

/**
 * Reads items of several tables with strong consistency, in as few requests as possible: the given attributes of
 * each, or all. Returns the items of a table that exist, each once. Throws ServiceUnavailableError if keys stay unprocessed after the last
 * attempt.
 */
export const batchGet = async (
  db: Database,
  requestedKeys: readonly ItemKey[],
  attributes?: readonly string[],
): Promise<(table: string) => readonly Item[]> => {
  const found = new Map<string, Item[]>();
  const collect = (responses: Readonly<Record<string, Item[]>> = {}) => {
    for (const [table, items] of Object.entries(responses)) {
      found.set(table, [...(found.get(table) ?? []), ...items]);
    }
  };

  const distinct = distinctKeys(requestedKeys);
  for (let from = 0; from < distinct.length; from += maxKeys) {
    let unprocessed: Keys = groupByTable(distinct.slice(from, from + maxKeys), attributes);
    for (let attempt = 1; ; attempt += 1) {
      const { Responses, UnprocessedKeys = {} } = await db.send(
        new BatchGetCommand({ RequestItems: unprocessed }),
      );
      collect(Responses);
      unprocessed = UnprocessedKeys as Keys;
      // DynamoDB returns throttled keys as unprocessed.
      if (Object.keys(unprocessed).length === 0) break;
      if (attempt >= maxAttempts)
        throw new ServiceUnavailableError(
          'BatchGetItem left keys unprocessed after the last attempt.',
        );
      await backoff(attempt, db.runtime);
    }
  }

  return (table) => found.get(table) ?? [];
};
