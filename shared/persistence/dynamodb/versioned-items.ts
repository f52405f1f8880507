import { isDeepStrictEqual } from 'node:util';
import type { Database } from '../../config/platform.ts';
import { dueShardOf } from '../../domain/due-index.ts';
import {
  type Condition,
  conditionCheck,
  equals,
  putIfAbsent,
  stillEquals,
  update,
} from './expressions.ts';
import { getItem } from './get-item.ts';
import { type ConditionFailure, writeItem } from './write-item.ts';

/** The attributes that put an item into the sparse index `byDue`. */
export const dueAttributes = ['dueAt', 'dueShard'] as const;

/** The parts of an update that make `after` of `before`. */
export const changedAttributes = <T extends object>(before: T, after: T) => ({
  set: Object.fromEntries(
    Object.entries(after).filter(
      ([name, value]) => !isDeepStrictEqual(before[name as keyof T], value),
    ),
  ),
  remove: Object.keys(before).filter((name) => !Object.hasOwn(after, name)),
});

/**
 * An item with an optimistic lock and a history: every transition increments the version and appends an
 * entry.
 */
interface VersionedItem {
  readonly status: string;
  readonly version: number;
  readonly dueAt?: string;
  readonly history: readonly unknown[];
}

/** The versioned items of a table. A stored item changes its status only by `updateWrite` or `tryUpdate`. */
export const createVersionedItems = <Entry extends VersionedItem, Id extends keyof Entry & string>(
  db: Database,
  table: string,
  id: Id,
) => {
  const keyOf = (entry: Pick<Entry, Id>) => ({ [id]: entry[id] });

  const unchangedConditions = ({ version, status }: Pick<Entry, 'version' | 'status'>) => [
    equals('version', version),
    equals('status', status),
  ];

  /**
   * Optimistic lock: writes the changed attributes and fails if version or status differs from `before`. New
   * history entries are appended; a history that a bound has shortened is overwritten, which is safe under
   * the version condition.
   */
  const updateWrite = (before: Entry, after: Entry, conditions: readonly Condition[] = []) => {
    const isExtended = isDeepStrictEqual(
      after.history.slice(0, before.history.length),
      before.history,
    );
    const { set, remove } = changedAttributes(before, after);
    const { history, ...others } = set;

    return update({
      table,
      key: keyOf(before),
      set: isExtended ? others : set,
      append: isExtended ? { history: after.history.slice(before.history.length) } : {},
      remove,
      conditions: [...unchangedConditions(before), ...conditions],
    });
  };

  /**
   * Sends one update. Returns whether it is written; on a failed condition, `isWritten` decides by the stored
   * item.
   */
  const conditionalUpdate = async (
    write: ReturnType<typeof update>,
    isWritten: (failure: ConditionFailure) => boolean = () => false,
  ): Promise<boolean> => {
    const failure = await writeItem(db, write);

    return failure === undefined || isWritten(failure);
  };

  return {
    find: (key: string): Promise<Entry | undefined> => getItem<Entry>(db, table, { [id]: key }),

    insert: (entry: Entry) => putIfAbsent({ table, item: entry, id }),

    updateWrite,

    conditionalUpdate,

    /** Fails its transaction if version or status of the item has changed. */
    checkUnchanged: (entry: Pick<Entry, Id | 'version' | 'status'>) =>
      conditionCheck({ table, key: keyOf(entry), conditions: unchangedConditions(entry) }),

    /**
     * Removes the item from the index `byDue` if version and status are unchanged. It is not a transition and
     * keeps the version.
     */
    removeDueWrite: (entry: Pick<Entry, Id | 'version' | 'status'>) =>
      update({
        table,
        key: keyOf(entry),
        remove: dueAttributes,
        conditions: unchangedConditions(entry),
      }),

    /**
     * Ends a lease: removes the item from the index `byDue`, or sets its next due time. Returns false if the
     * lease was lost.
     */
    releaseLease: (entry: Pick<Entry, Id | 'version'>, leasedAt: string, nextDueAt?: string) =>
      conditionalUpdate(
        update({
          table,
          key: keyOf(entry),
          ...(nextDueAt === undefined ? { remove: dueAttributes } : { set: { dueAt: nextDueAt } }),
          conditions: [equals('version', entry.version), equals('dueAt', leasedAt)],
        }),
      ),

    /**
     * Writes one transition under the optimistic lock. Returns false on a version conflict; then nothing is
     * written. If the conflict is this write's own earlier attempt, whose response was lost, it returns true.
     */
    tryUpdate: (
      before: Entry,
      after: Entry,
      conditions: readonly Condition[] = [],
    ): Promise<boolean> =>
      conditionalUpdate(updateWrite(before, after, conditions), (failure) =>
        isOwnRetriedWrite(failure, after),
      ),

    /**
     * Leases an overdue item by moving its due time, so that one of several concurrent sweepers handles it.
     * Returns false if the item has changed. It is not a transition and keeps the version. An item without a due
     * time enters the index `byDue` again.
     */
    tryLease: (entry: Entry, dueAt: string): Promise<boolean> =>
      conditionalUpdate(
        update({
          table,
          key: keyOf(entry),
          set: {
            dueAt,
            ...(entry.dueAt === undefined && { dueShard: dueShardOf(`${entry[id]}`) }),
          },
          conditions: [equals('version', entry.version), stillEquals('dueAt', entry.dueAt)],
        }),
        ({ stored, mayBeOwn }) =>
          mayBeOwn && stored?.version === entry.version && stored.dueAt === dueAt,
      ),
  };
};

/**
 * Whether a retried write failed because of its own earlier attempt: the stored history equals the written
 * one. A write that was sent once never counts as that, even if two writers write the same history.
 */
const isOwnRetriedWrite = (
  { stored, mayBeOwn }: ConditionFailure,
  { history }: VersionedItem,
): boolean => mayBeOwn && isDeepStrictEqual(stored?.history, JSON.parse(JSON.stringify(history)));
