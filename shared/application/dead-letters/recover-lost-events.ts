import { type Classified, done, unreadable } from '../../domain/dead-letters/dead-letter-policy.ts';
import type { DomainEvent } from '../../domain/events/domain-event.ts';
import type { Committed, CommittedItems } from '../../persistence/stored-items.ts';
import { toldOf } from './replayable-events.ts';

/** What a pointer into a stream stands for. */
export interface Untold {
  readonly paymentId?: string;
  /** What is told again in its place. */
  readonly untold?: readonly DomainEvent[];
}

interface Batch {
  readonly table: string;
  /** ISO 8601: when its first and last record came into the stream, rounded down to the second as DynamoDB does. */
  readonly from: string;
  readonly to: string;
}

/** An item says when it was decided to write it, which is a while before it is in its stream: with all its tries, no write takes longer. */
const writtenBeforeMs = 20_000;

/** DynamoDB gives the time of a record in whole seconds: the record may have come up to the end of that second. */
const arrivalUnitMs = 1_000;

/** How far the clock of a writer may be ahead of, or behind, the clock of DynamoDB. */
const clockMarginMs = 5_000;

/** What the table has of an item that the relay could not read at the time. */
export const untoldOf = (found: Committed | undefined): Classified & Untold => {
  if (found === undefined) return unreadable('what it points to is in no table that is told of');
  const { paymentId = found.item.activePaymentId } = found.item;
  const about = typeof paymentId === 'string' ? { paymentId } : {};
  const { untold, unread } = read([found]);

  return { ...about, ...(unread > 0 ? unreadable('what it points to') : judged(untold)) };
};

/** What a table has of the time of a batch that was given up. More than the batch had is harmless: each event keeps its id. */
export const untoldBetween = async (
  { since }: Pick<CommittedItems, 'since'>,
  { table, from, to }: Batch,
): Promise<Classified & Untold> => {
  const earliest = Date.parse(from) - writtenBeforeMs - clockMarginMs;
  const latest = Date.parse(to) + arrivalUnitMs + clockMarginMs;
  const isOfThen = ({ time }: DomainEvent) =>
    Date.parse(time) >= earliest && Date.parse(time) <= latest;

  const { untold, unread } = read(await since(new Date(earliest).toISOString(), table));
  const { why, ...rest } = judged(untold.filter(isOfThen));

  // The relay has set those aside one by one.
  return { ...rest, why: unread > 0 ? `${why} ${unread} items cannot be read.` : why };
};

const read = (found: readonly Committed[]) => {
  const untold: DomainEvent[] = [];
  let unread = 0;
  for (const one of found) {
    try {
      untold.push(...toldOf(one));
    } catch {
      unread += 1;
    }
  }

  return { untold, unread };
};

const judged = (untold: readonly DomainEvent[]): Classified & Untold =>
  untold.length === 0
    ? done('No event tells of it any more.')
    : {
        untold,
        class: 'send-again',
        why: `The table has it: ${untold.length} events can be told again from it.`,
      };
