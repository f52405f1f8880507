import type { Database } from '../config/platform.ts';
import { equals, type Item, putIfAbsent, update } from './dynamodb/expressions.ts';
import { getItem } from './dynamodb/get-item.ts';
import { pointsEntry } from './dynamodb/keys.ts';
import { conflict, retryOnConflict } from './dynamodb/retry-on-conflict.ts';
import { commit } from './dynamodb/transaction.ts';

/** The points that a payment earns its buyer, as of one version of the payment. */
export interface PointsUpdate {
  readonly userId: string;
  readonly paymentId: string;
  /** An update of a higher version wins, in any order of events. */
  readonly paymentVersion: number;
  readonly points: number;
  /** The trace of the payment. */
  readonly traceparent?: string;
  /** ISO 8601. */
  readonly at: string;
}

/** The stored entry of a payment's points, as the table and its stream have it. */
export interface PointsEntry extends PointsUpdate {
  readonly entry: string;
  readonly version: number;
  /** Every amount so far, including the current one. */
  readonly history: readonly Pick<PointsUpdate, 'at' | 'paymentVersion' | 'points'>[];
}

const toPointsSnapshot = ({ at, paymentVersion, points }: PointsUpdate) => ({
  at,
  paymentVersion,
  points,
});

/** The buyers' loyalty points: one entry for each payment, and a total for each buyer. */
export const createPointsRepository = (db: Database, table: string) => {
  const insertEntry = (pointsUpdate: PointsUpdate) => {
    const entry = pointsEntry.payment(pointsUpdate.paymentId);

    return putIfAbsent({
      table,
      item: {
        ...pointsUpdate,
        entry,
        version: 1,
        history: [toPointsSnapshot(pointsUpdate)],
      } satisfies PointsEntry,
      id: 'userId',
    });
  };

  const updateEntry = ({ userId, entry, version }: PointsEntry, pointsUpdate: PointsUpdate) =>
    update({
      table,
      key: { userId, entry },
      set: { ...toPointsSnapshot(pointsUpdate), version: version + 1 },
      append: { history: [toPointsSnapshot(pointsUpdate)] },
      conditions: [equals('version', version)],
    });

  const addToTotal = (userId: string, points: number) =>
    update({ table, key: { userId, entry: pointsEntry.total }, add: { points }, conditions: [] });

  return {
    /**
     * Sets the points of a payment and adjusts the buyer's total in the same transaction. Returns `duplicate`
     * and changes nothing if the entry has this version of the payment or a later one.
     */
    async set(pointsUpdate: PointsUpdate) {
      // Usually there is no entry yet. If there is one, the next attempt updates it.
      let found: PointsEntry | undefined;
      const trySet = async () => {
        if (found && found.paymentVersion >= pointsUpdate.paymentVersion) return 'duplicate';
        const gained = pointsUpdate.points - (found?.points ?? 0);
        const toConflict = (stored?: Item) => ({ stored });
        const [rejection] = await commit(db, [
          {
            write: found ? updateEntry(found, pointsUpdate) : insertEntry(pointsUpdate),
            toRejection: toConflict,
          },
          { write: addToTotal(pointsUpdate.userId, gained), toRejection: toConflict },
        ]);
        if (!rejection) return found ? 'corrected' : 'added';
        found = rejection.stored as PointsEntry | undefined;

        return conflict;
      };

      return retryOnConflict(`Points of payment ${pointsUpdate.paymentId}`, trySet, {
        maxAttempts: 4,
      });
    },

    /** The outcome of the update by one version of the payment; undefined if there was none. */
    async findOutcome({
      userId,
      paymentId,
      paymentVersion,
    }: Pick<PointsUpdate, 'userId' | 'paymentId' | 'paymentVersion'>) {
      const key = { userId, entry: pointsEntry.payment(paymentId) };
      const { history = [] } = (await getItem<PointsEntry>(db, table, key)) ?? {};
      const index = history.findIndex((set) => set.paymentVersion === paymentVersion);
      if (index === -1) return undefined;

      return index === 0 ? 'added' : 'corrected';
    },

    /** The buyer's total; 0 if there is none. */
    async getTotal(userId: string): Promise<number> {
      const total = await getItem<{ readonly points: number }>(db, table, {
        userId,
        entry: pointsEntry.total,
      });

      return total?.points ?? 0;
    },
  };
};

export type PointsRepository = ReturnType<typeof createPointsRepository>;
