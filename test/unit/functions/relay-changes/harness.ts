import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Context, DynamoDBRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { vi } from 'vitest';
import {
  type RelayedEvent,
  relayStreamRecord,
} from '../../../../functions/relay-changes/handler.ts';
import { createReviewUnbuiltEvent } from '../../../../shared/application/events/review-unbuilt-event.ts';
import { createEventPublisher } from '../../../../shared/lambda/event-publisher.ts';
import { idempotent } from '../../../../shared/lambda/idempotency.ts';
import { streamHandler } from '../../../../shared/lambda/stream-handler.ts';
import { createReviewRepository } from '../../../../shared/persistence/review-repository.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { createMemoryIdempotencyTable } from '../../../support/fakes/memory-idempotency-table.ts';

export const bus = mockClient(EventBridgeClient);
export const answers = createMemoryIdempotencyTable();
export const quarantine = vi.fn(async (_pointer: object) => {});
export const send = createEventPublisher(bus as unknown as EventBridgeClient, 'the-bus');

const publish = idempotent(
  {
    ...answers.store,
    name: 'relay-changes',
    keyOf: ({ recordId: record }: RelayedEvent) => record,
  },
  ({ event }) => send(event),
);

export const tables = new MemoryDynamo({ Reviews: ['reviewId'] });
export const openOnce = vi.fn(createReviewRepository(tables.client, 'Reviews').tryInsert);
export const review = createReviewUnbuiltEvent({ tryInsert: openOnce });
const clock = { now: () => noon };
const handler = streamHandler(relayStreamRecord({ publish, review, quarantine, clock }));

export const relay = (...Records: DynamoDBRecord[]) =>
  handler({ Records }, {
    awsRequestId: 'request',
    getRemainingTimeInMillis: () => 15_000,
  } as Context);

/** The ids of the published events in order. */
export const sent = () =>
  bus
    .commandCalls(PutEventsCommand)
    .flatMap(({ args: [{ input }] }) => input.Entries ?? [])
    .map(({ Detail = '' }) => JSON.parse(Detail).id as string);

export const numberOf = (record: DynamoDBRecord | undefined) => record?.dynamodb?.SequenceNumber;
export const payment = aPayment({ paymentId: 'pay_1', paymentMethod: 'a-secret-method' });
