import type { Context, DynamoDBRecord } from 'aws-lambda';
import { changeOf, pointerTo } from '../../shared/data/changes.ts';
import { eventFrom } from '../../shared/domain/changes.ts';
import type { DomainEvent } from '../../shared/domain/events.ts';
import type { Relayed } from '../../shared/runtime/stream-handler.ts';

/** An event, and the stream record that it was read from. */
export interface Announcement {
  readonly record: string;
  readonly event: DomainEvent;
}

interface Dependencies {
  readonly publish: (told: Announcement, context: Context) => Promise<{ replayed: boolean }>;
  readonly setAside: (pointer: object) => Promise<unknown>;
}

/** Publishes what a stream record tells. One that cannot be understood is set aside, so that it does not block those behind it. */
export const relayChange =
  ({ publish, setAside }: Dependencies) =>
  async (record: DynamoDBRecord, context: Context): Promise<Relayed> => {
    const { eventID: id = '' } = record;
    let event: DomainEvent | undefined;
    try {
      event = eventOf(record);
    } catch (fault) {
      await setAside(pointerTo(record));
      return { outcome: 'set aside', id: `${id}: ${fault}` };
    }
    if (!event) return { outcome: 'skipped', id };
    const { replayed } = await publish({ record: id, event }, context);

    return { outcome: replayed ? 'repeated' : 'published', id: event.id, event: event.name };
  };

const eventOf = (record: DynamoDBRecord) => {
  const change = changeOf(record);

  return change && eventFrom(change);
};
