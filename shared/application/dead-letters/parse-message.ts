import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { type DomainEvent, type EventName, eventData } from '../../domain/events/domain-event.ts';
import { redriveCountOf } from '../../lambda/event-publisher.ts';
import { createQueuedEventParser } from '../../lambda/queued-event.ts';

/** What the relay sets aside: where a change stands, and nothing of what is in it. */
const recordPointer = z
  .object({ keys: z.record(z.string(), z.object({ S: z.string() })) })
  .transform(({ keys }) => ({ keys: unmarshall(keys) as Record<string, string> }));

/** What Lambda keeps of a batch that the relay gave up: of which table it was, and when it was written. */
const failedBatch = z
  .object({
    DDBStreamBatchInfo: z.object({
      streamArn: z.string(),
      approximateArrivalOfFirstRecord: z.iso.datetime(),
      approximateArrivalOfLastRecord: z.iso.datetime(),
    }),
  })
  .transform(({ DDBStreamBatchInfo: batch }) => ({
    table: batch.streamArn.split('/')[1] ?? '',
    from: batch.approximateArrivalOfFirstRecord,
    to: batch.approximateArrivalOfLastRecord,
  }));

/** The input of a compensation that could not be started. */
const compensationInput = z
  .object({ paymentId: z.string() })
  .transform(({ paymentId }) => ({ failed: paymentId }));

const eventResources = z.object({ resources: z.array(z.string()).default([]) });

/** A letter as it can be read: an event, a payment to be compensated, the key of an item that changed, or when a table's items did. */
export type ParsedMessage =
  | { readonly event: DomainEvent; readonly redrives: number }
  | z.infer<typeof recordPointer>
  | z.infer<typeof failedBatch>
  | z.infer<typeof compensationInput>;

const parseEvent = createQueuedEventParser(Object.keys(eventData) as EventName[]);

/** Throws where the body is nothing that this service sends. */
export const parseMessage = (body: string): ParsedMessage => {
  const json: unknown = JSON.parse(body);
  for (const shape of [recordPointer, failedBatch, compensationInput]) {
    const { data } = shape.safeParse(json);
    if (data) return data;
  }

  return {
    event: parseEvent(body),
    redrives: redriveCountOf(eventResources.parse(json).resources),
  };
};
