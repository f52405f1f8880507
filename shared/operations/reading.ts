import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { type DomainEvent, type EventName, eventData } from '../domain/events.ts';
import { queuedEvent } from '../runtime/queue-handler.ts';

/** What the relay sets aside: where a change stands, and nothing of what is in it. */
const pointer = z.object({ keys: z.record(z.string(), z.object({ S: z.string() })) });

/** What Lambda keeps of a batch that the relay gave up: when it was written. */
const givenUp = z.object({
  DDBStreamBatchInfo: z.object({
    approximateArrivalOfFirstRecord: z.iso.datetime(),
    approximateArrivalOfLastRecord: z.iso.datetime(),
  }),
});

/** A letter as it can be read: an event, the key of an item that changed, or the time in which items did. */
export type Reading =
  | { readonly event: DomainEvent }
  | { readonly keys: Readonly<Record<string, string>> }
  | { readonly between: readonly [from: string, to: string] };

const readEvent = queuedEvent(Object.keys(eventData) as EventName[]);

/** Throws where the body is nothing that this service sends. */
export const readingOf = (body: string): Reading => {
  const json: unknown = JSON.parse(body);
  const pointed = pointer.safeParse(json);
  if (pointed.success) {
    return { keys: unmarshall(pointed.data.keys) as Record<string, string> };
  }
  const batch = givenUp.safeParse(json);
  if (batch.success) {
    const { approximateArrivalOfFirstRecord: from, approximateArrivalOfLastRecord: to } =
      batch.data.DDBStreamBatchInfo;

    return { between: [from, to] };
  }

  return { event: readEvent(body) };
};
