import {
  type Classification,
  obsolete,
  unparseable,
} from '../../domain/dead-letters/dead-letter-policy.ts';
import type { DomainEvent } from '../../domain/events/domain-event.ts';
import type { StoredItem, StoredItemReader } from '../../persistence/stored-items.ts';
import { eventsOfItem } from './replayable-events.ts';

/** The events that can be replayed for lost stream records. */
export interface RecoverableEvents {
  readonly paymentId?: string;
  /** The events to publish again. */
  readonly recoveredEvents?: readonly DomainEvent[];
}

interface FailedBatch {
  readonly table: string;
  /** ISO 8601: when its first and last record arrived in the stream. DynamoDB rounds down to the second. */
  readonly from: string;
  readonly to: string;
}

/** The maximum time between an item's own timestamp and its stream record, with all retries of the write. */
const maxWriteLatencyMs = 20_000;

/** DynamoDB reports arrival times in whole seconds, so a record can have arrived up to a second later. */
const arrivalResolutionMs = 1_000;

/** The maximum clock skew between a writer and DynamoDB. */
const clockMarginMs = 5_000;

/** Classifies the record of an item that the relay could not read, by the current item. */
export const recoverItem = (stored: StoredItem | undefined): Classification & RecoverableEvents => {
  if (stored === undefined) return unparseable('its item is in no table that publishes events');
  const { paymentId = stored.item.activePaymentId } = stored.item;
  const ids = typeof paymentId === 'string' ? { paymentId } : {};
  const { recoveredEvents, unreadableCount } = eventsOfItems([stored]);

  return {
    ...ids,
    ...(unreadableCount > 0 ? unparseable('its item') : classifyRecovered(recoveredEvents)),
  };
};

/**
 * Classifies a batch that the relay gave up, by the table's items of that time. More events than the batch
 * had are harmless: each event keeps its id, so that consumers drop duplicates.
 */
export const recoverBatch = async (
  { scanSince }: Pick<StoredItemReader, 'scanSince'>,
  { table, from, to }: FailedBatch,
): Promise<Classification & RecoverableEvents> => {
  const earliest = Date.parse(from) - maxWriteLatencyMs - clockMarginMs;
  const latest = Date.parse(to) + arrivalResolutionMs + clockMarginMs;
  const isInWindow = ({ time }: DomainEvent) =>
    Date.parse(time) >= earliest && Date.parse(time) <= latest;

  const { recoveredEvents, unreadableCount } = eventsOfItems(
    await scanSince(new Date(earliest).toISOString(), table),
  );
  const { reason, ...rest } = classifyRecovered(recoveredEvents.filter(isInWindow));

  // The relay has quarantined unreadable items one by one.
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
    ? obsolete('No event can be derived from it anymore.')
    : {
        recoveredEvents,
        disposition: 'redrive',
        reason: `${recoveredEvents.length} events can be replayed from the table.`,
      };
