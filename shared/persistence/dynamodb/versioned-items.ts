import { isDeepStrictEqual } from 'node:util';
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { dueShardOf } from '../../domain/due-index.ts';
import { asRead, type Clause, check, equals, putNew, update } from './expressions.ts';
import { type RefusedWrite, writeItem } from './write-item.ts';

/** An item that is its own journal: whatever moves it raises its version and appends to its history. */
interface Journalled {
  readonly status: string;
  readonly version: number;
  readonly dueAt?: string;
  readonly history: readonly unknown[];
}

/** The items of a table that are their own journals, by their one key. An item that is there only ever moves by `move`. */
export const journalIn = <Entry extends Journalled, Id extends keyof Entry & string>(
  db: DynamoDBDocumentClient,
  table: string,
  id: Id,
) => {
  const keyOf = (entry: Pick<Entry, Id>) => ({ [id]: entry[id] });

  const unchanged = ({ version, status }: Pick<Entry, 'version' | 'status'>) => [
    equals('version', version),
    equals('status', status),
  ];

  /**
   * Writes what differs, if the stored item is still the one that was read. The history is appended to, unless a bound made it shorter: then
   * it is written anew, which the version allows.
   */
  const move = (before: Entry, after: Entry, when: readonly Clause[] = []) => {
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
      when: [...unchanged(before), ...when],
    });
  };

  /** One update on its own; where its condition did not hold nothing has changed, and the refusal says whether that is as good. */
  const updated = async (
    write: ReturnType<typeof update>,
    isDone: (refused: RefusedWrite) => boolean = () => false,
  ): Promise<boolean> => {
    const refused = await writeItem(db, write);

    return refused === undefined || isDone(refused);
  };

  return {
    async find(key: string): Promise<Entry | undefined> {
      const { Item } = await db.send(
        new GetCommand({ TableName: table, Key: { [id]: key }, ConsistentRead: true }),
      );

      return Item as Entry | undefined;
    },

    open: (entry: Entry) => putNew({ table, item: entry, id }),

    move,

    updated,

    /** Lets a transaction happen only while the item is still as it was read. */
    unmoved: (entry: Pick<Entry, Id | 'version' | 'status'>) =>
      check({ table, key: keyOf(entry), when: unchanged(entry) }),

    /** Takes the item out of the index of what is due, while it is as it was read. It moves nothing and so has no version. */
    noLongerDue: (entry: Pick<Entry, Id | 'version' | 'status'>) =>
      update({
        table,
        key: keyOf(entry),
        remove: ['dueAt', 'dueShard'],
        when: unchanged(entry),
      }),

    /**
     * Takes an item that was taken in hand out of the index of what is due, or lets it be due at another time; false if another write has
     * done either since.
     */
    leaveDue: (entry: Pick<Entry, Id | 'version'>, takenAt: string, until?: string) =>
      updated(
        update({
          table,
          key: keyOf(entry),
          ...(until === undefined ? { remove: ['dueAt', 'dueShard'] } : { set: { dueAt: until } }),
          when: [equals('version', entry.version), equals('dueAt', takenAt)],
        }),
      ),

    /**
     * Moves an item on its own; false where another write was first, and then nothing has changed. One whose answer was lost, so that it
     * was sent again, was itself the first, and is true.
     */
    moved: (before: Entry, after: Entry, when: readonly Clause[] = []): Promise<boolean> =>
      updated(move(before, after, when), (refused) => isOwnEcho(refused, after)),

    /**
     * Lets the item be due at another time, if it is as it was read; false otherwise. It moves nothing and so has no version: of several
     * that find it overdue, one takes it in hand. One that was out of the index of what is due is in it again.
     */
    takenInHand: (entry: Entry, dueAt: string): Promise<boolean> =>
      updated(
        update({
          table,
          key: keyOf(entry),
          set: {
            dueAt,
            ...(entry.dueAt === undefined && { dueShard: dueShardOf(`${entry[id]}`) }),
          },
          when: [equals('version', entry.version), asRead('dueAt', entry.dueAt)],
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
const isOwnEcho = ({ stored, mayBeOwn }: RefusedWrite, { history }: Journalled): boolean =>
  mayBeOwn && isDeepStrictEqual(stored?.history, JSON.parse(JSON.stringify(history)));
