import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { putNew, update } from './expression.ts';
import { pointsEntry } from './keys.ts';
import { commit } from './transaction.ts';

/** What one payment earns its buyer, as it should stand: a later refund lowers it and moves the version. */
export interface Earning {
  readonly userId: string;
  readonly paymentId: string;
  readonly points: number;
  /** Of the payment that earned them. */
  readonly traceparent?: string;
  /** ISO 8601. */
  readonly at: string;
}

/** An earning as its table and its table's stream have it. */
export interface PointsEntry extends Earning {
  readonly entry: string;
  readonly version: number;
}

/** The buyers' points: one entry a payment, and their total. */
export const pointsIn = (db: DynamoDBDocumentClient, table: string) => {
  const before = () => 'added before' as const;

  const record = (earning: Earning) => {
    const entry = pointsEntry.payment(earning.paymentId);

    return putNew({
      table,
      item: { ...earning, entry, version: 1 } satisfies PointsEntry,
      id: 'userId',
    });
  };

  const addToTotal = ({ userId, points }: Earning) =>
    update({ table, key: { userId, entry: pointsEntry.total }, add: { points }, when: [] });

  return {
    /** Adds the points to the buyer's total, once for a payment: its entry is written with them. */
    async add(earning: Earning) {
      const [refused] = await commit(db, [
        { write: record(earning), refused: before },
        { write: addToTotal(earning), refused: before },
      ]);

      return refused ?? 'added';
    },

    /** 0 for a buyer who never earned any. */
    async totalOf(userId: string): Promise<number> {
      const { Item } = await db.send(
        new GetCommand({
          TableName: table,
          Key: { userId, entry: pointsEntry.total },
          ConsistentRead: true,
        }),
      );

      return (Item?.points as number | undefined) ?? 0;
    },
  };
};

export type Points = ReturnType<typeof pointsIn>;
