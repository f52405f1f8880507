import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import { isThrottlingCode } from '../config/transient-errors.ts';
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

/** EventBridge refuses the event for its content, so that no retry publishes it. */
export class EventRefusedError extends Error {
  readonly eventId: string;
  /** The error code of EventBridge. */
  readonly code: string;

  constructor({ id }: DomainEvent, code: string, options?: ErrorOptions) {
    super(`EventBridge refuses event ${id}: ${code}.`, options);
    this.name = 'EventRefusedError';
    this.eventId = id;
    this.code = code;
  }
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const maxEntries = 10;

/**
 * EventBridge limits the bytes of all entries of one request together. The limit was 256 KB, and is 1 MB since
 * January 2026. Requests below the earlier limit cost nothing more: an event has less than 2 KB.
 */
const maxRequestBytes = 256 * 1_024;

/** How EventBridge counts a time. */
const timeBytes = 14;

/**
 * Error codes that say nothing about the event. Those of a fault inside EventBridge are documented as retryable,
 * together with throttling. The others are documented as not retryable, but concern the account, the permission or the
 * bus: every event is refused in the same way until an operator repairs it.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
 */
const codesOfTheBus: readonly string[] = [
  'InternalFailure',
  'InternalException',
  'ServiceUnavailable',
  'AccessDeniedException',
  'InvalidAccountIdException',
  'NotAuthorizedForSourceException',
];

/** Errors of a whole request for the content of one of its entries, or for the size of all. */
const contentErrors: readonly string[] = ['ValidationException', 'SerializationException'];
const payloadTooLarge = 413;

const isContentError = (error: Error): boolean => {
  const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };

  return contentErrors.includes(error.name) || $metadata?.httpStatusCode === payloadTooLarge;
};

/** An event with its entry. */
interface Publication {
  readonly event: DomainEvent;
  readonly entry: PutEventsRequestEntry;
  readonly bytes: number;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
const bytesOf = ({ Source, DetailType, Detail, Resources = [] }: PutEventsRequestEntry): number =>
  [Source, DetailType, Detail, ...Resources].reduce(
    (sum, text = '') => sum + Buffer.byteLength(text),
    timeBytes,
  );

/** Splits the publications into requests, in order. An entry above the limit has a request of its own. */
const requestsOf = (publications: readonly Publication[]): readonly Publication[][] => {
  const requests: Publication[][] = [];
  let request: Publication[] = [];
  let bytes = 0;
  for (const one of publications) {
    if (request.length === maxEntries || bytes + one.bytes > maxRequestBytes) request = [];
    if (request.length === 0) {
      requests.push(request);
      bytes = 0;
    }
    request.push(one);
    bytes += one.bytes;
  }

  return requests;
};

/** Why an entry was not published; undefined if it was. */
const faultOf = (
  { event }: Publication,
  { EventId, ErrorCode }: PutEventsResultEntry = {},
): Error | undefined => {
  if (EventId !== undefined && ErrorCode === undefined) return undefined;
  const isTemporary =
    ErrorCode === undefined || isThrottlingCode(ErrorCode) || codesOfTheBus.includes(ErrorCode);

  return isTemporary
    ? new ServiceUnavailableError(
        `EventBridge rejected event ${event.id}: ${ErrorCode ?? 'no error code'}.`,
      )
    : new EventRefusedError(event, ErrorCode);
};

/**
 * Publishes events to the bus, up to ten in one request, the requests concurrently. Returns for each event why it
 * was not published, or undefined if it was: EventRefusedError if no retry helps, otherwise another error. Does not
 * throw.
 */
export const createEventsPublisher = (bus: EventBridgeClient, busName: string) => {
  const toPublication = (event: DomainEvent, redriveCount: number): Publication => {
    const { name, ...envelope } = event;
    const entry = {
      EventBusName: busName,
      Source: envelope.source,
      DetailType: name,
      Detail: JSON.stringify(envelope),
      Time: new Date(envelope.time),
      ...(redriveCount > 0 && { Resources: [`${redriveResourcePrefix}${redriveCount}`] }),
    };

    return { event, entry, bytes: bytesOf(entry) };
  };

  const put = async (request: readonly Publication[]): Promise<(Error | undefined)[]> => {
    try {
      const { Entries = [] } = await bus.send(
        new PutEventsCommand({ Entries: request.map(({ entry }) => entry) }),
      );

      return request.map((publication, index) => faultOf(publication, Entries[index]));
    } catch (cause) {
      const error = cause as Error;
      if (!isContentError(error)) return request.map(() => error);
      if (request.length > 1) return putEach(request);

      return request.map(({ event }) => new EventRefusedError(event, error.name, { cause }));
    }
  };

  const putEach = async (requests: readonly Publication[]) =>
    (await Promise.all(requests.map((one) => put([one])))).flat();

  return async (
    events: readonly DomainEvent[],
    redriveCount = 0,
  ): Promise<readonly (Error | undefined)[]> => {
    const requests = requestsOf(events.map((event) => toPublication(event, redriveCount)));

    return (await Promise.all(requests.map(put))).flat();
  };
};

/**
 * Publishes one event to the bus. Throws EventRefusedError if EventBridge refuses its content,
 * and ServiceUnavailableError or the error of the client if it can be published later.
 */
export const createEventPublisher = (bus: EventBridgeClient, busName: string) => {
  const publish = createEventsPublisher(bus, busName);

  return async (event: DomainEvent, redriveCount = 0): Promise<void> => {
    const [fault] = await publish([event], redriveCount);
    if (fault) throw fault;
  };
};
