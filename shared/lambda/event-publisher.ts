import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { Outage } from '../domain/errors.ts';
import type { DomainEvent } from '../domain/events/domain-event.ts';

const redrivesMark = 'redrives/';

/** How often what an event tells was told again by hand, by what the event carries beside itself. */
export const redrivesOf = (resources: readonly string[]): number =>
  Number(resources.find((one) => one.startsWith(redrivesMark))?.slice(redrivesMark.length) ?? 0);

/** Sends an event to the bus and gives its id; an Outage where the bus refused it. */
export const publisher =
  (bus: EventBridgeClient, busName: string) =>
  async ({ name, ...envelope }: DomainEvent, redrives = 0): Promise<string> => {
    const { FailedEntryCount, Entries = [] } = await bus.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: busName,
            Source: envelope.source,
            DetailType: name,
            Detail: JSON.stringify(envelope),
            Time: new Date(envelope.time),
            ...(redrives > 0 && { Resources: [`${redrivesMark}${redrives}`] }),
          },
        ],
      }),
    );
    const [entry] = Entries;
    if (FailedEntryCount || entry?.ErrorCode) {
      throw new Outage(`The bus refused ${envelope.id}: ${entry?.ErrorCode ?? 'no reason given'}.`);
    }

    return envelope.id;
  };
