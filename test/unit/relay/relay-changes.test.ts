import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Context, DynamoDBRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Announcement, relayChange } from '../../../functions/relay-changes/handler.ts';
import { storyOf } from '../../../shared/operations/story.ts';
import { publisher, redrivesOf } from '../../../shared/runtime/bus.ts';
import { once } from '../../../shared/runtime/idempotency.ts';
import { logger } from '../../../shared/runtime/observability.ts';
import { streamHandler } from '../../../shared/runtime/stream-handler.ts';
import { anOrder, aPayment } from '../../support/builders.ts';
import { listenToMetrics } from '../../support/measured.ts';
import { movedBy, versionsBy } from '../../support/payment-history.ts';
import { aRecord, recordsOf } from '../../support/stream.ts';
import { answerRecords } from '../runtime/answer-records.ts';

const bus = mockClient(EventBridgeClient);
const answers = answerRecords();
const setAside = vi.fn(async (_pointer: object) => {});
const send = publisher(bus as unknown as EventBridgeClient, 'the-bus');
const publish = once(
  { table: 'Idempotency', name: 'relay-changes', keyOf: ({ record }: Announcement) => record },
  ({ event }) => send(event),
);
const handler = streamHandler(relayChange({ publish, setAside }));

const relay = (...Records: DynamoDBRecord[]) =>
  handler({ Records }, {
    awsRequestId: 'request',
    getRemainingTimeInMillis: () => 15_000,
  } as Context);

/** The ids of the events that went to the bus, in the order in which they went. */
const sent = () =>
  bus
    .commandCalls(PutEventsCommand)
    .flatMap(({ args: [{ input }] }) => input.Entries ?? [])
    .map(({ Detail = '' }) => JSON.parse(Detail).id as string);

/** The bus takes everything but the event of this id. */
const refuse = (id: string) =>
  bus
    .on(PutEventsCommand)
    .callsFake(({ Entries: [entry] }) =>
      JSON.parse(entry.Detail).id === id
        ? { FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException' }] }
        : { FailedEntryCount: 0, Entries: [{ EventId: 'taken' }] },
    );

const numberOf = (record: DynamoDBRecord | undefined) => record?.dynamodb?.SequenceNumber;

const payment = aPayment({ paymentId: 'pay_1', paymentMethod: 'a-secret-method' });
const another = aPayment({ paymentId: 'pay_2' });

/** Told by no table of ours, or in no way of ours. */
const poisons: Record<string, DynamoDBRecord> = {
  'of a state that there is not': aRecord('Payments', { after: { ...payment, status: 'PAID' } }),
  'of a move that there is not': aRecord('Payments', {
    before: movedBy(payment, 'claimed', 'captured'),
    after: movedBy(payment, 'claimed'),
  }),
  'of another table': { eventID: 'e', dynamodb: { Keys: { sku: { S: 'tea' } } } },
  'with nothing in it': {},
};

beforeEach(() => {
  bus.reset();
  answers.forget();
  setAside.mockReset();
  bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: 'taken' }] });
});

describe('what is told again by hand', () => {
  it('carries how often beside the event, which is the same as ever', async () => {
    const [event] = storyOf(payment);
    if (event === undefined) throw new Error('A payment begins with an event.');

    await send(event);
    await send(event, 2);

    const [first, again] = bus
      .commandCalls(PutEventsCommand)
      .map(({ args: [{ input }] }) => input.Entries?.[0]);
    expect(first).not.toHaveProperty('Resources');
    expect(again).toEqual({ ...first, Resources: ['redrives/2'] });
    expect([redrivesOf([]), redrivesOf(again?.Resources ?? [])]).toEqual([0, 2]);
  });
});

describe('the relay', () => {
  it('is measured: what was published by its name, what was not by why', async () => {
    const told = listenToMetrics();
    refuse('pay_2-1');
    const [poison] = Object.values(poisons);

    await relay(
      aRecord('Payments', { after: payment }),
      aRecord('Payments', { after: another }),
      poison as DynamoDBRecord,
    );

    expect(told).toEqual([
      { event: 'PaymentReserved', EventsPublished: 1 },
      { outcome: 'set aside', ChangesNotPublished: 1 },
      { outcome: 'failed', ChangesNotPublished: 1 },
    ]);
  });

  it('sends each change that has an event, as a CloudEvent under its own name', async () => {
    const [reserved] = recordsOf([payment]);

    expect(await relay(reserved as DynamoDBRecord)).toEqual({ batchItemFailures: [] });

    const [call] = bus.commandCalls(PutEventsCommand);
    const [entry] = call?.args[0].input.Entries ?? [];
    expect(entry).toMatchObject({
      EventBusName: 'the-bus',
      Source: 'aftercommit.payments',
      DetailType: 'PaymentReserved',
      Time: new Date(payment.updatedAt),
    });
    expect(JSON.parse(entry?.Detail ?? '')).toEqual({
      specversion: '1.0',
      id: 'pay_1-1',
      source: 'aftercommit.payments',
      type: 'aftercommit.payment.reserved.v1',
      subject: 'pay_1',
      time: payment.updatedAt,
      data: {
        paymentId: 'pay_1',
        orderId: payment.orderId,
        userId: payment.userId,
        amount: 5_000,
        currency: 'KRW',
      },
    });
  });

  it('passes over what concerns nobody without leaving a trace of it', async () => {
    const [, claimed] = recordsOf(versionsBy(payment, ['claimed']));
    const placed = aRecord('Orders', { after: anOrder() });
    const total = aRecord('LoyaltyPoints', {
      after: { userId: 'alice', entry: 'TOTAL', points: 25 },
    });

    const answer = await relay(claimed as DynamoDBRecord, placed, total);

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(sent()).toEqual([]);
    expect(answers.stored()).toEqual([]);
    expect(setAside).not.toHaveBeenCalled();
  });

  it('sends a record that comes again no second time', async () => {
    const [reserved] = recordsOf([payment]);

    await relay(reserved as DynamoDBRecord);
    const again = await relay(reserved as DynamoDBRecord);

    expect(again).toEqual({ batchItemFailures: [] });
    expect(sent()).toEqual(['pay_1-1']);
  });

  it('sends the same event again, and no other, where its answers are forgotten', async () => {
    const records = recordsOf(versionsBy(payment, ['claimed', 'captured']));

    await relay(...records);
    answers.forget();
    await relay(...records.toReversed());

    expect(sent().toSorted()).toEqual(['pay_1-1', 'pay_1-1', 'pay_1-3', 'pay_1-3']);
  });

  it('reports the record whose entry the bus refused, alone, and sends it when it comes again', async () => {
    const records = [...recordsOf([payment]), ...recordsOf([another])];
    refuse('pay_1-1');

    const first = await relay(...records);
    refuse('none');
    const second = await relay(...records);

    expect(first).toEqual({ batchItemFailures: [{ itemIdentifier: numberOf(records[0]) }] });
    expect(second).toEqual({ batchItemFailures: [] });
    expect(sent().toSorted()).toEqual(['pay_1-1', 'pay_1-1', 'pay_2-1']);
  });

  it('reports every record of a batch that the bus did not answer', async () => {
    const records = [...recordsOf([payment]), ...recordsOf([another])];
    bus.on(PutEventsCommand).rejects(new Error('connection lost'));

    expect(await relay(...records)).toEqual({
      batchItemFailures: records.map((record) => ({ itemIdentifier: numberOf(record) })),
    });
  });

  it.each(Object.entries(poisons))(
    'sets a record %s aside and sends those behind it',
    async (_name, poison) => {
      const [behind] = recordsOf([another]);

      const answer = await relay(poison, behind as DynamoDBRecord);

      expect(answer).toEqual({ batchItemFailures: [] });
      expect(setAside).toHaveBeenCalledOnce();
      expect(sent()).toEqual(['pay_2-1']);
    },
  );

  it('sets aside where a record stands, and nothing of what is in it', async () => {
    const poison = poisons['of a state that there is not'] as DynamoDBRecord;

    await relay(poison);

    expect(setAside).toHaveBeenCalledWith({
      table: 'Payments',
      stream: poison.eventSourceARN,
      eventId: poison.eventID,
      sequenceNumber: numberOf(poison),
      keys: { paymentId: { S: 'pay_1' } },
    });
  });

  it('does not acknowledge a record that it could not set aside', async () => {
    const poison = poisons['of a state that there is not'] as DynamoDBRecord;
    setAside.mockRejectedValue(new Error('no queue'));

    expect(await relay(poison)).toEqual({
      batchItemFailures: [{ itemIdentifier: numberOf(poison) }],
    });
  });

  it('tells of a whole batch in one line, by ids alone', async () => {
    const info = vi.spyOn(logger, 'info');
    const error = vi.spyOn(logger, 'error');
    const poison = poisons['of a state that there is not'] as DynamoDBRecord;

    await relay(...recordsOf(versionsBy(payment, ['claimed', 'captured'])));
    await relay(poison);

    expect(info.mock.calls).toEqual([
      ['relayed', { published: ['pay_1-1', 'pay_1-3'], skipped: 1 }],
    ]);
    expect(error).toHaveBeenCalledOnce();
    expect(JSON.stringify(error.mock.calls)).toContain(poison.eventID);
    expect(JSON.stringify(error.mock.calls)).not.toMatch(/a-secret-method|buyer-/);
  });
});
