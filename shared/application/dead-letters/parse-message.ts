import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { type DomainEvent, type EventName, eventData } from '../../domain/events/domain-event.ts';
import { redriveCountOf } from '../../lambda/event-publisher.ts';
import { createQueuedEventParser } from '../../lambda/queued-event.ts';
import { type FailedBatch, failedBatchSchema } from './failed-batch.ts';

/** What the relay quarantines: the position of a stream record, without its content. */
const recordPointer = z
  .object({
    keys: z.record(z.string(), z.object({ S: z.string() })),
    /** The event that EventBridge refused for its content; absent if no event could be built. */
    refused: z.object({ id: z.string() }).optional(),
  })
  .transform(({ keys, refused }) => ({
    keys: unmarshall(keys) as Record<string, string>,
    refusedId: refused?.id,
  }));

/** The input of a compensation workflow that could not start. */
const compensationInput = z.object({ paymentId: z.string() });

const eventResources = z.object({ resources: z.array(z.string()).default([]) });

/** A parsed message: an event, a payment to compensate, the key of a changed item, or a batch. */
export type ParsedMessage =
  | { readonly event: DomainEvent; readonly redrives: number }
  | z.infer<typeof recordPointer>
  | FailedBatch
  | z.infer<typeof compensationInput>;

const parseEvent = createQueuedEventParser(Object.keys(eventData) as EventName[]);

/** Parses the body of a dead-lettered message. Throws if this service does not send such a message. */
export const parseMessage = (body: string): ParsedMessage => {
  const json: unknown = JSON.parse(body);
  for (const shape of [recordPointer, failedBatchSchema, compensationInput]) {
    const { data } = shape.safeParse(json);
    if (data) return data;
  }

  return {
    event: parseEvent(body),
    redrives: redriveCountOf(eventResources.parse(json).resources),
  };
};
