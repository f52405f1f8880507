import {
  type Classification,
  obsolete,
  unparseable,
} from '../../domain/dead-letters/dead-letter-policy.ts';
import type { DomainEvent } from '../../domain/events/domain-event.ts';
import type { StoredItem, StoredItems } from '../../persistence/stored-items.ts';
import { eventsOfItem } from './replayable-events.ts';

/** What a pointer into a stream stands for. */
export interface RecoverableEvents {
  readonly paymentId?: string;
  /** What is told again in its place. */
  readonly recoveredEvents?: readonly DomainEvent[];
}

interface FailedBatch {
  readonly table: string;
  /** ISO 8601: when its first and last record came into the stream, rounded down to the second as DynamoDB does. */
  readonly from: string;
  readonly to: string;
}

/** An item says when it was decided to write it, which is a while before it is in its stream: with all its tries, no write takes longer. */
const maxWriteLatencyMs = 20_000;

/** DynamoDB gives the time of a record in whole seconds: the record may have come up to the end of that second. */
const arrivalResolutionMs = 1_000;

/** How far the clock of a writer may be ahead of, or behind, the clock of DynamoDB. */
const clockMarginMs = 5_000;

/** What the table has of an item that the relay could not read at the time. */
export const recoverItem = (stored: StoredItem | undefined): Classification & RecoverableEvents => {
  if (stored === undefined) return unparseable('what it points to is in no table that is told of');
  const { paymentId = stored.item.activePaymentId } = stored.item;
  const ids = typeof paymentId === 'string' ? { paymentId } : {};
  const { recoveredEvents, unreadableCount } = eventsOfItems([stored]);

  return {
    ...ids,
    ...(unreadableCount > 0
      ? unparseable('what it points to')
      : classifyRecovered(recoveredEvents)),
  };
};

/** What a table has of the time of a batch that was given up. More than the batch had is harmless: each event keeps its id. */
export const recoverBatch = async (
  { scanSince: since }: Pick<StoredItems, 'scanSince'>,
  { table, from, to }: FailedBatch,
): Promise<Classification & RecoverableEvents> => {
  const earliest = Date.parse(from) - maxWriteLatencyMs - clockMarginMs;
  const latest = Date.parse(to) + arrivalResolutionMs + clockMarginMs;
  const isInWindow = ({ time }: DomainEvent) =>
    Date.parse(time) >= earliest && Date.parse(time) <= latest;

  const { recoveredEvents, unreadableCount } = eventsOfItems(
    await since(new Date(earliest).toISOString(), table),
  );
  const { reason, ...rest } = classifyRecovered(recoveredEvents.filter(isInWindow));

  // The relay has set those aside one by one.
  return {
    ...rest,
    reason: unreadableCount > 0 ? `${reason} ${unreadableCount} items cannot be read.` : reason,
  };
};

const eventsOfItems = (storedItems: readonly StoredItem[]) => {
  const recoveredEvents: DomainEvent[] = [];
  let unreadableCount = 0;
  for (const stored of storedItems) {
    try {
      recoveredEvents.push(...eventsOfItem(stored));
    } catch {
      unreadableCount += 1;
    }
  }

  return { recoveredEvents, unreadableCount };
};

const classifyRecovered = (
  recoveredEvents: readonly DomainEvent[],
): Classification & RecoverableEvents =>
  recoveredEvents.length === 0
    ? obsolete('No event tells of it any more.')
    : {
        recoveredEvents,
        disposition: 'redrive',
        reason: `The table has it: ${recoveredEvents.length} events can be told again from it.`,
      };
