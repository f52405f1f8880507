import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Outage } from '../../domain/errors.ts';
import type { Item } from './expressions.ts';
import { backoff, type Patience } from './retry.ts';

export interface Address {
  readonly table: string;
  readonly key: Item;
}

/** DynamoDB takes no more keys in one request. */
const mostKeys = 100;

type Keys = Readonly<Record<string, { readonly Keys: Item[]; readonly ConsistentRead: boolean }>>;

const keysOf = (addresses: readonly Address[]): Keys =>
  Object.fromEntries(
    Object.entries(Object.groupBy(addresses, ({ table }) => table)).map(([table, all = []]) => [
      table,
      { Keys: all.map(({ key }) => key), ConsistentRead: true },
    ]),
  );

/** DynamoDB refuses a key that is named twice. */
const eachOnce = (named: readonly Address[]): readonly Address[] => [
  ...new Map(named.map((address) => [JSON.stringify(address), address])).values(),
];

/** Items of any tables, each once, read in as few requests as there can be; those that are not there are left out. */
export const readTogether = async (
  db: DynamoDBDocumentClient,
  named: readonly Address[],
  patience: Patience = {},
): Promise<(table: string) => readonly Item[]> => {
  const { tries = 5 } = patience;
  const found = new Map<string, Item[]>();
  const keep = (answers: Readonly<Record<string, Item[]>> = {}) => {
    for (const [table, items] of Object.entries(answers)) {
      found.set(table, [...(found.get(table) ?? []), ...items]);
    }
  };

  const addresses = eachOnce(named);
  for (let from = 0; from < addresses.length; from += mostKeys) {
    let left: Keys = keysOf(addresses.slice(from, from + mostKeys));
    for (let tried = 1; ; tried += 1) {
      const { Responses, UnprocessedKeys = {} } = await db.send(
        new BatchGetCommand({ RequestItems: left }),
      );
      keep(Responses);
      left = UnprocessedKeys as Keys;
      // What is throttled is handed back unread.
      if (Object.keys(left).length === 0) break;
      if (tried >= tries) throw new Outage('Too little of a batch could be read.');
      await backoff(tried, patience);
    }
  }

  return (table) => found.get(table) ?? [];
};
