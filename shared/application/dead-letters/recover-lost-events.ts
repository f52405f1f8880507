import {
  type Classification,
  obsolete,
  unparseable,
} from '../../domain/dead-letters/dead-letter-policy.ts';
import type { DomainEvent } from '../../domain/events/domain-event.ts';
import type { StoredItem } from '../../persistence/stored-items.ts';
import { type FailedBatch, hasProgress } from './failed-batch.ts';
import { eventsOfItem } from './replayable-events.ts';

/** What can be replayed for lost stream records. */
export interface RecoverableEvents {
  readonly paymentId?: string;
  /** The events to publish again. */
  readonly recoveredEvents?: readonly DomainEvent[];
  /** The batch whose events are read while it is redriven. */
  readonly failedBatch?: FailedBatch;
}

const noEvent = obsolete('No event can be derived from it anymore.');

/**
 * Classifies the record of an item that the relay quarantined, by the current item. If EventBridge refused an event
 * of it, only that event is published again.
 */
export const recoverItem = (
  stored: StoredItem | undefined,
  refusedId?: string,
): Classification & RecoverableEvents => {
  if (stored === undefined) return unparseable('its item is in no table that publishes events');
  const { paymentId = stored.item.activePaymentId } = stored.item;
  const ids = typeof paymentId === 'string' ? { paymentId } : {};
  let events: readonly DomainEvent[];
  try {
    events = eventsOfItem(stored);
  } catch {
    return { ...ids, ...unparseable('its item') };
  }
  const recoveredEvents =
    refusedId === undefined ? events : events.filter(({ id }) => id === refusedId);
  if (recoveredEvents.length === 0) return { ...ids, ...noEvent };
  const count = recoveredEvents.length;

  return {
    ...ids,
    recoveredEvents,
    disposition: 'redrive',
    reason: `${count} events can be replayed from the table.`,
  };
};

/** Classifies a batch that the relay gave up. Its records are read only while it is redriven. */
export const recoverFailedBatch = (
  failedBatch: FailedBatch,
  isTableRelayed: boolean,
): Classification & RecoverableEvents => {
  if (!isTableRelayed) return noEvent;
  const { table, size, from, to } = failedBatch;
  const rest = hasProgress(failedBatch) ? ' A redrive has published a part of it.' : '';

  return {
    failedBatch,
    disposition: 'redrive',
    reason: `${size} records of ${table}, which arrived from ${from} to ${to}.${rest}`,
  };
};
