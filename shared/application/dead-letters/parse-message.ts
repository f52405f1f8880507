import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { type DomainEvent, type EventName, eventData } from '../../domain/events/domain-event.ts';
import { redrivesOf } from '../../lambda/event-publisher.ts';
import { queuedEvent } from '../../lambda/sqs-handler.ts';

/** What the relay sets aside: where a change stands, and nothing of what is in it. */
const pointer = z
  .object({ keys: z.record(z.string(), z.object({ S: z.string() })) })
  .transform(({ keys }) => ({ keys: unmarshall(keys) as Record<string, string> }));

/** What Lambda keeps of a batch that the relay gave up: of which table it was, and when it was written. */
const givenUp = z
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
const execution = z
  .object({ paymentId: z.string() })
  .transform(({ paymentId }) => ({ failed: paymentId }));

const carried = z.object({ resources: z.array(z.string()).default([]) });

/** A letter as it can be read: an event, a payment to be compensated, the key of an item that changed, or when a table's items did. */
export type Reading =
  | { readonly event: DomainEvent; readonly redrives: number }
  | z.infer<typeof pointer>
  | z.infer<typeof givenUp>
  | z.infer<typeof execution>;

const readEvent = queuedEvent(Object.keys(eventData) as EventName[]);

/** Throws where the body is nothing that this service sends. */
export const readingOf = (body: string): Reading => {
  const json: unknown = JSON.parse(body);
  for (const shape of [pointer, givenUp, execution]) {
    const { data } = shape.safeParse(json);
    if (data) return data;
  }

  return { event: readEvent(body), redrives: redrivesOf(carried.parse(json).resources) };
};
