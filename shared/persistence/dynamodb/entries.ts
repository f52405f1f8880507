import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Database } from '../../config/platform.ts';
import type { Item } from './expressions.ts';
import { paginate } from './paginate.ts';

interface EntriesQuery {
  readonly table: string;
  /** Name and value of the partition key. */
  readonly partition: readonly [name: string, value: string];
  /** The beginning of the sort key `entry`. */
  readonly prefix: string;
  /** The attributes that are returned. The read units are those of the whole items. */
  readonly attributes: readonly string[];
  readonly isConsistent: boolean;
}

/** A page is 1 MB. */
const maxPages = 10;

/**
 * Yields the entries of a partition whose sort key begins with a prefix, page by page. Throws if there are
 * more than 10 MB of them: a caller that adds them up must not use a part of them.
 */
export async function* pagesOfEntries(
  db: Database,
  { table, partition: [name, value], prefix, attributes, isConsistent }: EntriesQuery,
): AsyncGenerator<readonly Item[]> {
  const names = Object.fromEntries(
    [name, 'entry', ...attributes].map((attribute) => [`#${attribute}`, attribute]),
  );
  const pages = paginate((ExclusiveStartKey) =>
    db.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: `#${name} = :value AND begins_with(#entry, :prefix)`,
        ProjectionExpression: attributes.map((attribute) => `#${attribute}`).join(', '),
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: { ':value': value, ':prefix': prefix },
        ConsistentRead: isConsistent,
        ExclusiveStartKey,
      }),
    ),
  );
  let count = 0;
  for await (const items of pages) {
    count += 1;
    if (count > maxPages)
      throw new Error(`${name} ${value} has more than ${maxPages} MB of entries ${prefix}.`);
    yield items;
  }
}
