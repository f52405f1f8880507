import { type DynamoDBDocumentClient, GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Change } from '../domain/payments/payment-events.ts';
import type { Item } from './dynamodb/expressions.ts';
import { kindOf } from './stream-record.ts';

/** An item of a table that is relayed, as it is now. */
export interface Committed {
  readonly of: Change['of'];
  readonly item: Readonly<Item>;
}

const writtenAt = { payment: 'updatedAt', refund: 'updatedAt', order: 'updatedAt', earning: 'at' };

/** What the tables that are relayed have by now: where a stream has forgotten, they have not. */
export const committedIn = (
  db: DynamoDBDocumentClient,
  tables: Readonly<Record<Change['of'], string>>,
) => ({
  /** The item of a key; none where it is not there, or is of no table that is relayed. */
  async of(keys: Readonly<Record<string, string>>): Promise<Committed | undefined> {
    const of = kindOf(keys);
    if (of === undefined) return undefined;
    const { Item: item } = await db.send(
      new GetCommand({ TableName: tables[of], Key: keys, ConsistentRead: true }),
    );

    return item && { of, item };
  },

  /** Reads a whole table for what was written since a time (ISO 8601): for the rare day when a stream was given up. */
  async since(time: string, table: string): Promise<readonly Committed[]> {
    const [of] = (Object.keys(tables) as Change['of'][]).filter((kind) => tables[kind] === table);
    if (of === undefined) return [];
    const found: Committed[] = [];
    let from: Item | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await db.send(
        new ScanCommand({
          TableName: table,
          ConsistentRead: true,
          FilterExpression: '#writtenAt >= :time',
          ExpressionAttributeNames: { '#writtenAt': writtenAt[of] },
          ExpressionAttributeValues: { ':time': time },
          ExclusiveStartKey: from,
        }),
      );
      found.push(...Items.map((item) => ({ of, item })));
      from = LastEvaluatedKey;
    } while (from !== undefined);

    return found;
  },
});

export type CommittedItems = ReturnType<typeof committedIn>;
