import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { DomainEvent } from '../domain/events.ts';

/** Sends an event to the bus and gives its id; throws where the bus did not take it. */
export const publisher =
  (bus: EventBridgeClient, busName: string) =>
  async ({ name, ...envelope }: DomainEvent): Promise<string> => {
    const { FailedEntryCount, Entries = [] } = await bus.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: busName,
            Source: envelope.source,
            DetailType: name,
            Detail: JSON.stringify(envelope),
            Time: new Date(envelope.time),
          },
        ],
      }),
    );
    const [entry] = Entries;
    if (FailedEntryCount || entry?.ErrorCode) {
      throw new Error(`The bus refused ${envelope.id}: ${entry?.ErrorCode ?? 'no reason given'}.`);
    }

    return envelope.id;
  };
