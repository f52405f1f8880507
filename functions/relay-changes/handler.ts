import type { Context, DynamoDBRecord } from 'aws-lambda';
import type { ReviewUnbuiltEvent } from '../../shared/application/events/review-unbuilt-event.ts';
import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';
import { EventNotBuiltError } from '../../shared/domain/events/event-not-built.ts';
import { publishedEventOfChange } from '../../shared/domain/outbox/outbox-event.ts';
import type { Clock } from '../../shared/domain/time.ts';
import { batchEntryOf } from '../../shared/lambda/batch-outcomes.ts';
import { idempotent } from '../../shared/lambda/idempotency.ts';
import type { RelayResult } from '../../shared/lambda/stream-handler.ts';
import { parseStreamRecord, recordPointerOf } from '../../shared/persistence/stream-record.ts';

/** An event and the id of its stream record. */
export interface RelayedEvent {
  readonly recordId: string;
  readonly event: DomainEvent;
}

/**
 * Publishes the event of a stream record once in this process. Another process publishes the record again,
 * under the same event id: each consumer has a marker of the ids that it has handled.
 */
export const publishOnce = (send: (event: DomainEvent) => Promise<string>) =>
  idempotent(
    {
      name: 'relay-changes',
      keyOf: ({ recordId }: RelayedEvent) => recordId,
      storedRejections: [],
    },
    ({ event }: RelayedEvent) => send(event),
  );

interface Dependencies {
  readonly publish: ReturnType<typeof publishOnce>;
  readonly review: ReviewUnbuiltEvent;
  readonly quarantine: (pointer: object) => Promise<unknown>;
  readonly clock: Clock;
}

/**
 * Outbox relay: publishes the event of a stream record. If the event cannot be built, opens a review and
 * quarantines the record, so that it does not block later records.
 */
export const relayStreamRecord =
  ({ publish, review, quarantine, clock }: Dependencies) =>
  async (record: DynamoDBRecord, context: Context): Promise<RelayResult> => {
    const { eventID: id = '' } = record;
    let event: DomainEvent | undefined;
    try {
      const change = parseStreamRecord(record);
      event = change && publishedEventOfChange(change);
    } catch (fault) {
      if (fault instanceof EventNotBuiltError) await review(fault, clock.now());
      await quarantine(recordPointerOf(record));
      return { outcome: 'quarantined', id: `${id}: ${fault}` };
    }
    if (!event) return { outcome: 'skipped', id };
    const { replayed } = await publish({ recordId: id, event }, context);
    return {
      outcome: replayed ? 'duplicate' : 'published',
      id: batchEntryOf(event),
      event: event.name,
    };
  };
