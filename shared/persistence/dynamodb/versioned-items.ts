import { isDeepStrictEqual } from 'node:util';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
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

/** An item that is its own journal: whatever moves it raises its version and appends to its history. */
interface VersionedItem {
  readonly status: string;
  readonly version: number;
  readonly dueAt?: string;
  readonly history: readonly unknown[];
}

/** The items of a table that are their own journals, by their one key. An item that is there only ever moves by `move`. */
export const createVersionedItems = <Entry extends VersionedItem, Id extends keyof Entry & string>(
  db: DynamoDBDocumentClient,
  table: string,
  id: Id,
) => {
  const keyOf = (entry: Pick<Entry, Id>) => ({ [id]: entry[id] });

  const unchangedConditions = ({ version, status }: Pick<Entry, 'version' | 'status'>) => [
    equals('version', version),
    equals('status', status),
  ];

  /**
   * Writes what differs, if the stored item is still the one that was read. The history is appended to, unless a bound made it shorter: then
   * it is written anew, which the version allows.
   */
  const updateWrite = (before: Entry, after: Entry, conditions: readonly Condition[] = []) => {
    const isLonger = isDeepStrictEqual(
      after.history.slice(0, before.history.length),
      before.history,
    );
    const changed = Object.entries(after).filter(
      ([name, value]) =>
        name !== 'history' && !isDeepStrictEqual(before[name as keyof Entry], value),
    );

    return update({
      table,
      key: keyOf(before),
      set: { ...Object.fromEntries(changed), ...(!isLonger && { history: after.history }) },
      append: isLonger ? { history: after.history.slice(before.history.length) } : {},
      remove: Object.keys(before).filter((name) => !Object.hasOwn(after, name)),
      conditions: [...unchangedConditions(before), ...conditions],
    });
  };

  /** One update on its own; where its condition did not hold nothing has changed, and the refusal says whether that is as good. */
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

    /** Lets a transaction happen only while the item is still as it was read. */
    checkUnchanged: (entry: Pick<Entry, Id | 'version' | 'status'>) =>
      conditionCheck({ table, key: keyOf(entry), conditions: unchangedConditions(entry) }),

    /** Takes the item out of the index of what is due, while it is as it was read. It moves nothing and so has no version. */
    removeDueWrite: (entry: Pick<Entry, Id | 'version' | 'status'>) =>
      update({
        table,
        key: keyOf(entry),
        remove: dueAttributes,
        conditions: unchangedConditions(entry),
      }),

    /**
     * Takes an item that was taken in hand out of the index of what is due, or lets it be due at another time; false if another write has
     * done either since.
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
     * Moves an item on its own; false where another write was first, and then nothing has changed. One whose answer was lost, so that it
     * was sent again, was itself the first, and is true.
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
     * Lets the item be due at another time, if it is as it was read; false otherwise. It moves nothing and so has no version: of several
     * that find it overdue, one takes it in hand. One that was out of the index of what is due is in it again.
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
 * Whether a write that was sent more than once met what it had written itself: the same journal, to its last entry. Of a write that was
 * sent once that is never so, however alike two writers are.
 */
const isOwnRetriedWrite = (
  { stored, mayBeOwn }: ConditionFailure,
  { history }: VersionedItem,
): boolean => mayBeOwn && isDeepStrictEqual(stored?.history, JSON.parse(JSON.stringify(history)));
