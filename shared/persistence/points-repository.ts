import type { Database } from '../config/platform.ts';
import { pagesOfEntries } from './dynamodb/entries.ts';
import { equals, putIfAbsent, update } from './dynamodb/expressions.ts';
import { getItem } from './dynamodb/get-item.ts';
import { pointsEntry } from './dynamodb/keys.ts';
import { conflict, retryOnConflict } from './dynamodb/retry-on-conflict.ts';
import { writeItem } from './dynamodb/write-item.ts';

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

/** The buyers' loyalty points: one entry for each payment. A buyer's total is the sum of the entries. */
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

  return {
    /**
     * Sets the points of a payment. Returns `duplicate` and changes nothing if the entry has this version of the
     * payment or a later one.
     */
    async set(pointsUpdate: PointsUpdate) {
      // Usually there is no entry yet. If there is one, the next attempt updates it.
      let found: PointsEntry | undefined;
      const trySet = async () => {
        if (found && found.paymentVersion >= pointsUpdate.paymentVersion) return 'duplicate';
        const failure = await writeItem(
          db,
          found ? updateEntry(found, pointsUpdate) : insertEntry(pointsUpdate),
        );
        if (!failure) return found ? 'corrected' : 'added';
        found = failure.stored as PointsEntry | undefined;

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

    /** The sum of the buyer's entries, with strong consistency; 0 if there is none. */
    async getTotal(userId: string): Promise<number> {
      const pages = pagesOfEntries(db, {
        table,
        partition: ['userId', userId],
        prefix: pointsEntry.payment(''),
        attributes: ['points'],
        isConsistent: true,
      });
      let total = 0;
      for await (const entries of pages)
        for (const { points } of entries as readonly unknown[] as readonly PointsEntry[])
          total += points;

      return total;
    },
  };
};

export type PointsRepository = ReturnType<typeof createPointsRepository>;
