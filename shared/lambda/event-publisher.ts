import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ServiceUnavailableError } from '../domain/errors.ts';
import type { DomainEvent } from '../domain/events/domain-event.ts';

const redriveResourcePrefix = 'redrives/';

/** The number of redrives of an event, from the resources of its EventBridge entry. */
export const redriveCountOf = (resources: readonly string[]): number =>
  Number(
    resources
      .find((resource) => resource.startsWith(redriveResourcePrefix))
      ?.slice(redriveResourcePrefix.length) ?? 0,
  );

/**
 * Publishes an event to the bus and returns its id. Throws ServiceUnavailableError if EventBridge rejects it.
 */
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
        `EventBridge rejected event ${envelope.id}: ${entry?.ErrorCode ?? 'no error code'}.`,
      );
    }

    return envelope.id;
  };
