import {
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsCommandInput,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import type { Context, DynamoDBRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { vi } from 'vitest';
import { relayStreamRecords } from '../../../../functions/relay-changes/handler.ts';
import { createReviewUnbuiltEvent } from '../../../../shared/application/events/review-unbuilt-event.ts';
import {
  createEventPublisher,
  createEventsPublisher,
} from '../../../../shared/lambda/event-publisher.ts';
import { streamHandler } from '../../../../shared/lambda/stream-handler.ts';
import { createReviewRepository } from '../../../../shared/persistence/review-repository.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';

export const bus = mockClient(EventBridgeClient);
export const quarantine = vi.fn(async (_pointer: object) => {});
const client = bus as unknown as EventBridgeClient;
export const send = createEventPublisher(client, 'the-bus');
const publish = createEventsPublisher(client, 'the-bus');

export const tables = new MemoryDynamo({ Reviews: ['reviewId'] });
export const openOnce = vi.fn(createReviewRepository(tables.client, 'Reviews').tryInsert);
export const review = createReviewUnbuiltEvent({ tryInsert: openOnce });
const clock = { now: () => noon };
const startProcess = () =>
  streamHandler(relayStreamRecords({ publish, review, quarantine, clock }));
let handler = startProcess();

/** Replaces the relay's process, which remembers what it has published. */
export const restart = () => {
  handler = startProcess();
};

type Entries = PutEventsCommandInput['Entries'];
type Verdict = Partial<PutEventsResultEntry>;

/** What the bus returns for the entries of a request; it accepts those that `refuse` returns nothing for. */
const answerFor = (
  Entries: Entries = [],
  refuse: (eventId: string) => Verdict | undefined = () => undefined,
) => {
  const results = Entries.map(
    ({ Detail = '' }) => refuse(JSON.parse(Detail).id) ?? { EventId: 'taken' },
  );

  return {
    FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode).length,
    Entries: results,
  };
};

/** Lets the bus accept every event, except those that `refuse` returns an error for. */
export const acceptExcept = (refuse: (eventId: string) => Verdict | undefined = () => undefined) =>
  bus.on(PutEventsCommand).callsFake(({ Entries }) => answerFor(Entries, refuse));

/** The requests to the bus, each as the ids of its events. */
export const requests = () =>
  bus
    .commandCalls(PutEventsCommand)
    .map(({ args: [{ input }] }) =>
      (input.Entries ?? []).map(({ Detail = '' }) => JSON.parse(Detail).id as string),
    );

const relayIn = (remainingMs: number, Records: DynamoDBRecord[]) =>
  handler({ Records }, {
    awsRequestId: 'request',
    getRemainingTimeInMillis: () => remainingMs,
  } as Context);

/** Invokes the relay with the records, and with the time of a new invocation unless another is given. */
export const relay = Object.assign((...records: DynamoDBRecord[]) => relayIn(15_000, records), {
  withRemainingMs: (remainingMs: number, ...records: DynamoDBRecord[]) =>
    relayIn(remainingMs, records),
});

/** The ids of the published events in order. */
export const sent = () => requests().flat();

export const numberOf = (record: DynamoDBRecord | undefined) => record?.dynamodb?.SequenceNumber;
export const payment = aPayment({ paymentId: 'pay_1', paymentMethod: 'a-secret-method' });
