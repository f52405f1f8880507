import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ServiceUnavailableError } from '../../domain/errors.ts';
import type { Item } from './expressions.ts';
import { backoff, type RetryPolicy } from './retry.ts';

export interface ItemKey {
  readonly table: string;
  readonly key: Item;
}

/** DynamoDB takes no more keys in one request. */
const maxKeys = 100;

type Keys = Readonly<Record<string, { readonly Keys: Item[]; readonly ConsistentRead: boolean }>>;

const groupByTable = (itemKeys: readonly ItemKey[]): Keys =>
  Object.fromEntries(
    Object.entries(Object.groupBy(itemKeys, ({ table }) => table)).map(([table, all = []]) => [
      table,
      { Keys: all.map(({ key }) => key), ConsistentRead: true },
    ]),
  );

/** DynamoDB refuses a key that is named twice. */
const distinctKeys = (itemKeys: readonly ItemKey[]): readonly ItemKey[] => [
  ...new Map(itemKeys.map((itemKey) => [JSON.stringify(itemKey), itemKey])).values(),
];

/** Items of any tables, each once, read in as few requests as there can be; those that are not there are left out. */
export const batchGet = async (
  db: DynamoDBDocumentClient,
  requestedKeys: readonly ItemKey[],
  retryPolicy: RetryPolicy = {},
): Promise<(table: string) => readonly Item[]> => {
  const { maxAttempts = 5 } = retryPolicy;
  const found = new Map<string, Item[]>();
  const collect = (responses: Readonly<Record<string, Item[]>> = {}) => {
    for (const [table, items] of Object.entries(responses)) {
      found.set(table, [...(found.get(table) ?? []), ...items]);
    }
  };

  const distinct = distinctKeys(requestedKeys);
  for (let from = 0; from < distinct.length; from += maxKeys) {
    let unprocessed: Keys = groupByTable(distinct.slice(from, from + maxKeys));
    for (let attempt = 1; ; attempt += 1) {
      const { Responses, UnprocessedKeys = {} } = await db.send(
        new BatchGetCommand({ RequestItems: unprocessed }),
      );
      collect(Responses);
      unprocessed = UnprocessedKeys as Keys;
      // What is throttled is handed back unread.
      if (Object.keys(unprocessed).length === 0) break;
      if (attempt >= maxAttempts)
        throw new ServiceUnavailableError('Too little of a batch could be read.');
      await backoff(attempt, retryPolicy);
    }
  }

  return (table) => found.get(table) ?? [];
};
