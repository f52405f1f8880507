import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { Outage } from '../domain/errors.ts';
import { pointsEntry } from '../domain/ids.ts';
import { equals, type Item, putNew, update } from './dynamodb/expressions.ts';
import { commit } from './dynamodb/transaction.ts';

/** What one payment earns its buyer, as it should stand after one version of the payment. */
export interface Earning {
  readonly userId: string;
  readonly paymentId: string;
  /** The higher one stands, whichever is heard of first. */
  readonly paymentVersion: number;
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
  /** Each amount that it stood at, the last one included. */
  readonly history: readonly Pick<Earning, 'at' | 'paymentVersion' | 'points'>[];
}

const standing = ({ at, paymentVersion, points }: Earning) => ({ at, paymentVersion, points });

const tries = 4;

/** The buyers' points: one entry a payment, and their total. */
export const pointsIn = (db: DynamoDBDocumentClient, table: string) => {
  const record = (earning: Earning) => {
    const entry = pointsEntry.payment(earning.paymentId);

    return putNew({
      table,
      item: {
        ...earning,
        entry,
        version: 1,
        history: [standing(earning)],
      } satisfies PointsEntry,
      id: 'userId',
    });
  };

  const correct = ({ userId, entry, version }: PointsEntry, earning: Earning) =>
    update({
      table,
      key: { userId, entry },
      set: { ...standing(earning), version: version + 1 },
      append: { history: [standing(earning)] },
      when: [equals('version', version)],
    });

  const addToTotal = (userId: string, points: number) =>
    update({ table, key: { userId, entry: pointsEntry.total }, add: { points }, when: [] });

  return {
    /**
     * Sets what a payment earns, and moves the buyer's total by as much in the same transaction. What is known of this version of the
     * payment or of a later one stands.
     */
    async set(earning: Earning) {
      // As a rule there is no entry yet: who finds one tries again, on it.
      let found: PointsEntry | undefined;
      for (let tried = 1; tried <= tries; tried += 1) {
        if (found && found.paymentVersion >= earning.paymentVersion) return 'added before';
        const gained = earning.points - (found?.points ?? 0);
        const refused = (stored?: Item) => ({ stored });
        const [obstacle] = await commit(db, [
          { write: found ? correct(found, earning) : record(earning), refused },
          { write: addToTotal(earning.userId, gained), refused },
        ]);
        if (!obstacle) return found ? 'corrected' : 'added';
        found = obstacle.stored as PointsEntry | undefined;
      }
      throw new Outage(`The points of payment ${earning.paymentId} are not as they were read.`);
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
