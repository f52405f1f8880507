import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ServiceUnavailableError } from '../domain/errors.ts';
import type { DomainEvent } from '../domain/events/domain-event.ts';

const redriveResourcePrefix = 'redrives/';

/** How often what an event tells was told again by hand, by what the event carries beside itself. */
export const redriveCountOf = (resources: readonly string[]): number =>
  Number(
    resources
      .find((resource) => resource.startsWith(redriveResourcePrefix))
      ?.slice(redriveResourcePrefix.length) ?? 0,
  );

/** Sends an event to the bus and gives its id; an Outage where the bus refused it. */
export const createEventPublisher =
  (bus: EventBridgeClient, busName: string) =>
  async ({ name, ...envelope }: DomainEvent, redriveCount = 0): Promise<string> => {
    const { FailedEntryCount, Entries = [] } = await bus.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: busName,
            Source: envelope.source,
            DetailType: name,
            Detail: JSON.stringify(envelope),
            Time: new Date(envelope.time),
            ...(redriveCount > 0 && { Resources: [`${redriveResourcePrefix}${redriveCount}`] }),
          },
        ],
      }),
    );
    const [entry] = Entries;
    if (FailedEntryCount || entry?.ErrorCode) {
      throw new ServiceUnavailableError(
        `The bus refused ${envelope.id}: ${entry?.ErrorCode ?? 'no reason given'}.`,
      );
    }

    return envelope.id;
  };
