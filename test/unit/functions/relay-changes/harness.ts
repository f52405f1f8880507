import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Context, DynamoDBRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { vi } from 'vitest';
import { publishOnce, relayStreamRecord } from '../../../../functions/relay-changes/handler.ts';
import { createReviewUnbuiltEvent } from '../../../../shared/application/events/review-unbuilt-event.ts';
import { createEventPublisher } from '../../../../shared/lambda/event-publisher.ts';
import { streamHandler } from '../../../../shared/lambda/stream-handler.ts';
import { createReviewRepository } from '../../../../shared/persistence/review-repository.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';

export const bus = mockClient(EventBridgeClient);
export const quarantine = vi.fn(async (_pointer: object) => {});
export const send = createEventPublisher(bus as unknown as EventBridgeClient, 'the-bus');

export const tables = new MemoryDynamo({ Reviews: ['reviewId'] });
export const openOnce = vi.fn(createReviewRepository(tables.client, 'Reviews').tryInsert);
export const review = createReviewUnbuiltEvent({ tryInsert: openOnce });
const clock = { now: () => noon };
const startProcess = () =>
  streamHandler(relayStreamRecord({ publish: publishOnce(send), review, quarantine, clock }));
let handler = startProcess();

/** Replaces the relay's process, which remembers what it has published. */
export const restart = () => {
  handler = startProcess();
};

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
