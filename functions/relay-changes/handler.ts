import type { Context, DynamoDBRecord } from 'aws-lambda';
import type { ReviewUnbuilt } from '../../shared/application/events/review-unbuilt-event.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';
import { EventNotBuiltError } from '../../shared/domain/events/event-not-built.ts';
import { eventFrom } from '../../shared/domain/payments/payment-events.ts';
import type { Relayed } from '../../shared/lambda/stream-handler.ts';
import { changeOf, pointerTo } from '../../shared/persistence/stream-record.ts';

/** An event, and the stream record that it was read from. */
export interface Announcement {
  readonly record: string;
  readonly event: DomainEvent;
}

interface Dependencies {
  readonly publish: (told: Announcement, context: Context) => Promise<{ replayed: boolean }>;
  readonly review: ReviewUnbuilt;
  readonly setAside: (pointer: object) => Promise<unknown>;
  readonly clock: Clock;
}

/** Publishes what a stream record tells. One whose event cannot be built is reviewed and set aside: it blocks none behind it. */
export const relayChange =
  ({ publish, review, setAside, clock }: Dependencies) =>
  async (record: DynamoDBRecord, context: Context): Promise<Relayed> => {
    const { eventID: id = '' } = record;
    let event: DomainEvent | undefined;
    try {
      const change = changeOf(record);
      event = change && eventFrom(change);
    } catch (fault) {
      if (fault instanceof EventNotBuiltError) await review(fault, clock.now());
      await setAside(pointerTo(record));
      return { outcome: 'set aside', id: `${id}: ${fault}` };
    }
    if (!event) return { outcome: 'skipped', id };
    const { replayed } = await publish({ record: id, event }, context);
    return { outcome: replayed ? 'repeated' : 'published', id: event.id, event: event.name };
  };
