import { randomUUID } from 'node:crypto';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Context, DynamoDBRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type RelayedEvent,
  relayStreamRecord,
} from '../../../../functions/relay-changes/handler.ts';
import { replayableEventsOf } from '../../../../shared/application/dead-letters/replayable-events.ts';
import { createReviewUnbuiltEvent } from '../../../../shared/application/events/review-unbuilt-event.ts';
import { deriveEventReviewId } from '../../../../shared/domain/ids.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import type { Review } from '../../../../shared/domain/reviews/review.ts';
import { createEventPublisher, redriveCountOf } from '../../../../shared/lambda/event-publisher.ts';
import { idempotent } from '../../../../shared/lambda/idempotency.ts';
import { streamHandler } from '../../../../shared/lambda/stream-handler.ts';
import { logger } from '../../../../shared/observability/logger.ts';
import { createReviewRepository } from '../../../../shared/persistence/review-repository.ts';
import { anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
import { afterTransitions, versionsAfter } from '../../../support/builders/payment-history.ts';
import { aPaidOrder, aRefund } from '../../../support/builders/refund-generators.ts';
import { aStreamRecord, streamRecordsOf } from '../../../support/builders/stream-records.ts';
import { captureMetrics } from '../../../support/capture-metrics.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { createMemoryIdempotencyTable } from '../../../support/fakes/memory-idempotency-table.ts';

const bus = mockClient(EventBridgeClient);
const answers = createMemoryIdempotencyTable();
const quarantine = vi.fn(async (_pointer: object) => {});
const send = createEventPublisher(bus as unknown as EventBridgeClient, 'the-bus');
const publish = idempotent(
  {
    ...answers.store,
    name: 'relay-changes',
    keyOf: ({ recordId: record }: RelayedEvent) => record,
  },
  ({ event }) => send(event),
);
const tables = new MemoryDynamo({ Reviews: ['reviewId'] });
const openOnce = vi.fn(createReviewRepository(tables.client, 'Reviews').tryInsert);
const review = createReviewUnbuiltEvent({ tryInsert: openOnce });
const clock = { now: () => noon };
const handler = streamHandler(relayStreamRecord({ publish, review, quarantine, clock }));
const reviews = () => tables.items<Review>('Reviews');

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
  'of a state that there is not': aStreamRecord('Payments', {
    after: { ...payment, status: 'PAID' },
  }),
  'of a move that there is not': aStreamRecord('Payments', {
    before: afterTransitions(payment, 'claimed', 'captured'),
    after: afterTransitions(payment, 'claimed'),
  }),
  'of another table': { eventID: 'e', dynamodb: { Keys: { sku: { S: 'tea' } } } },
  'with nothing in it': {},
};

beforeEach(() => {
  bus.reset();
  answers.forget();
  quarantine.mockReset();
  openOnce.mockClear();
  bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: 'taken' }] });
});

describe('replayed event', () => {
  it('carries the replay count outside the unchanged event', async () => {
    const [event] = replayableEventsOf(payment);
    if (event === undefined) throw new Error('A payment begins with an event.');

    await send(event);
    await send(event, 2);

    const [first, again] = bus
      .commandCalls(PutEventsCommand)
      .map(({ args: [{ input }] }) => input.Entries?.[0]);
    expect(first).not.toHaveProperty('Resources');
    expect(again).toEqual({ ...first, Resources: ['redrives/2'] });
    expect([redriveCountOf([]), redriveCountOf(again?.Resources ?? [])]).toEqual([0, 2]);
  });
});

describe('outbox relay', () => {
  it('counts published events by name and others by reason', async () => {
    const metrics = captureMetrics();
    refuse('pay_2-1');
    const [poison] = Object.values(poisons);

    await relay(
      aStreamRecord('Payments', { after: payment }),
      aStreamRecord('Payments', { after: another }),
      poison as DynamoDBRecord,
    );

    expect(metrics).toEqual([
      { EventsNotBuilt: 1 },
      { event: 'PaymentReserved', EventsPublished: 1 },
      { outcome: 'quarantined', OutboxRecordsNotPublished: 1 },
      { outcome: 'failed', OutboxRecordsNotPublished: 1 },
    ]);
  });

  it('publishes each change that has an event as a CloudEvent', async () => {
    const [reserved] = streamRecordsOf([payment]);

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

  it('skips a change without an event and stores nothing', async () => {
    const [, claimed] = streamRecordsOf(versionsAfter(payment, ['claimed']));
    const placed = aStreamRecord('Orders', { after: anOrder() });
    const total = aStreamRecord('LoyaltyPoints', {
      after: { userId: 'alice', entry: 'TOTAL', points: 25 },
    });

    const answer = await relay(claimed as DynamoDBRecord, placed, total);

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(sent()).toEqual([]);
    expect(answers.stored()).toEqual([]);
    expect(quarantine).not.toHaveBeenCalled();
  });

  it('publishes a redelivered record only once', async () => {
    const [reserved] = streamRecordsOf([payment]);

    await relay(reserved as DynamoDBRecord);
    const again = await relay(reserved as DynamoDBRecord);

    expect(again).toEqual({ batchItemFailures: [] });
    expect(sent()).toEqual(['pay_1-1']);
  });

  it('publishes the same event again when its idempotency record is lost', async () => {
    const records = streamRecordsOf(versionsAfter(payment, ['claimed', 'captured']));

    await relay(...records);
    answers.forget();
    await relay(...records.toReversed());

    expect(sent().toSorted()).toEqual(['pay_1-1', 'pay_1-1', 'pay_1-3', 'pay_1-3']);
  });

  it('reports only the rejected record as failed and publishes it on retry', async () => {
    const records = [...streamRecordsOf([payment]), ...streamRecordsOf([another])];
    refuse('pay_1-1');

    const first = await relay(...records);
    refuse('none');
    const second = await relay(...records);

    expect(first).toEqual({ batchItemFailures: [{ itemIdentifier: numberOf(records[0]) }] });
    expect(second).toEqual({ batchItemFailures: [] });
    expect(sent().toSorted()).toEqual(['pay_1-1', 'pay_1-1', 'pay_2-1']);
  });

  it('reports every record of a batch as failed when the bus does not answer', async () => {
    const records = [...streamRecordsOf([payment]), ...streamRecordsOf([another])];
    bus.on(PutEventsCommand).rejects(new Error('connection lost'));

    expect(await relay(...records)).toEqual({
      batchItemFailures: records.map((record) => ({ itemIdentifier: numberOf(record) })),
    });
  });

  it.each(Object.entries(poisons))(
    'quarantines a record %s and publishes the next ones',
    async (_name, poison) => {
      const [behind] = streamRecordsOf([another]);

      const answer = await relay(poison, behind as DynamoDBRecord);

      expect(answer).toEqual({ batchItemFailures: [] });
      expect(quarantine).toHaveBeenCalledOnce();
      expect(sent()).toEqual(['pay_2-1']);
    },
  );

  it('quarantines the position of a record without its content', async () => {
    const poison = poisons['of a state that there is not'] as DynamoDBRecord;

    await relay(poison);

    expect(quarantine).toHaveBeenCalledWith({
      table: 'Payments',
      stream: poison.eventSourceARN,
      eventId: poison.eventID,
      sequenceNumber: numberOf(poison),
      keys: { paymentId: { S: 'pay_1' } },
    });
  });

  it('does not acknowledge a record that it could not quarantine', async () => {
    const poison = poisons['of a state that there is not'] as DynamoDBRecord;
    quarantine.mockRejectedValue(new Error('no queue'));

    expect(await relay(poison)).toEqual({
      batchItemFailures: [{ itemIdentifier: numberOf(poison) }],
    });
  });

  it('logs a batch in one line with ids only', async () => {
    const info = vi.spyOn(logger, 'info');
    const error = vi.spyOn(logger, 'error');
    const poison = poisons['of a state that there is not'] as DynamoDBRecord;

    await relay(...streamRecordsOf(versionsAfter(payment, ['claimed', 'captured'])));
    await relay(poison);

    expect(info.mock.calls).toEqual([
      ['outbox batch relayed', { published: ['pay_1-1', 'pay_1-3'], skipped: 1 }],
    ]);
    expect(error).toHaveBeenCalledOnce();
    expect(JSON.stringify(error.mock.calls)).toContain(poison.eventID);
    expect(JSON.stringify(error.mock.calls)).not.toMatch(/a-secret-method|buyer-/);
  });
});

describe('outbox relay with an event that cannot be built', () => {
  const failure = { code: 'declined', reason: 'no', evidence: 'seen' };
  const unreadable = (id: string, bad: object): Payment =>
    ({ ...aPayment({ paymentId: id }), ...bad }) as Payment;
  const inserted = (after: object) => aStreamRecord('Payments', { after });

  it.each([
    ['amount', { amount: 2_999.5 }, 3_000, 'KRW'],
    ['amount', { amount: -9_000 }, 9_000, 'KRW'],
    ['amount', { amount: 'much' }, 0, 'KRW'],
    ['amount', { amount: undefined }, 0, 'KRW'],
    ['amount', { amount: '9007199254740993' }, Number.MAX_SAFE_INTEGER, 'KRW'],
    ['currency', { currency: 'euros' }, 5_000, 'XXX'],
    ['orderId', { orderId: 7 }, 5_000, 'KRW'],
    ['updatedAt', { updatedAt: '2026-03-14' }, 5_000, 'KRW'],
    ['status', { status: 'PAID' }, 5_000, 'KRW'],
  ])(
    'opens a review of the payment whose %s is invalid: %j',
    async (field, bad, atRisk, currency) => {
      const payment = unreadable(randomUUID(), bad);

      expect(await relay(inserted(payment))).toEqual({ batchItemFailures: [] });

      expect(sent()).toEqual([]);
      expect(quarantine).toHaveBeenCalledOnce();
      expect(reviews().find(({ paymentId }) => paymentId === payment.paymentId)).toEqual({
        reviewId: deriveEventReviewId(payment.paymentId, 1),
        kind: 'event',
        paymentId: payment.paymentId,
        orderId: typeof payment.orderId === 'string' ? payment.orderId : 'unknown',
        userId: payment.userId,
        version: 1,
        code: 'event-not-built',
        detail: expect.stringContaining(field),
        amountAtRisk: atRisk,
        currency,
        status: 'OPEN',
        openedAt: noon.toISOString(),
        audit: [],
      });
    },
  );

  it('opens and counts one review for any number of deliveries', async () => {
    const metrics = captureMetrics();
    const record = inserted(unreadable('pay_once', { amount: 0.1 }));

    await relay(record);
    await relay(record);

    expect(reviews().filter(({ paymentId }) => paymentId === 'pay_once')).toHaveLength(1);
    expect(metrics.filter((line) => 'EventsNotBuilt' in line)).toHaveLength(1);
  });

  it('opens a review of the refund', async () => {
    const { refund } = aRefund(aPaidOrder(), { amount: 1_000 }, 'rfd_bad');

    await relay(aStreamRecord('Refunds', { after: { ...refund, amount: 999.9 } }));

    expect(reviews().find(({ refundId }) => refundId === 'rfd_bad')).toMatchObject({
      reviewId: deriveEventReviewId('rfd_bad', 1),
      kind: 'event',
      paymentId: refund.paymentId,
      amountAtRisk: 1_000,
    });
  });

  it('opens a review of the payment for an order or points record', async () => {
    const placed = { ...anOrder({ orderId: 'ord_bad' }), activePaymentId: 'pay_order' };
    const earned = {
      userId: 'a',
      entry: 'PAYMENT#pay_points',
      paymentId: 'pay_points',
      points: 0.5,
    };

    await relay(
      aStreamRecord('Orders', {
        before: placed,
        after: { ...placed, status: 'COMPLETED', userId: 1 },
      }),
      aStreamRecord('LoyaltyPoints', { after: { ...earned, version: 1, at: noon.toISOString() } }),
    );

    const kinds = reviews().map(({ paymentId, kind }) => [paymentId, kind]);
    expect(kinds).toContainEqual(['pay_order', 'event']);
    expect(kinds).toContainEqual(['pay_points', 'event']);
  });

  it("opens a second review for the order if its version equals the payment's", async () => {
    const payment = unreadable('pay_both', { amount: 0.1 });
    const placed = { ...anOrder({ orderId: 'ord_both', version: 1 }), activePaymentId: 'pay_both' };
    const paid = { ...placed, status: 'COMPLETED', lines: [] };

    await relay(
      inserted(payment),
      aStreamRecord('Orders', { before: placed, after: { ...paid, userId: 1 } }),
    );

    const details = reviews()
      .filter(({ paymentId }) => paymentId === 'pay_both')
      .map(({ detail }) => detail);
    expect(details).toHaveLength(2);
  });

  it('retries if the review cannot be stored', async () => {
    openOnce.mockRejectedValueOnce(new Error('no table'));
    const record = inserted(unreadable('pay_again', { amount: 0.1 }));

    expect(await relay(record)).toEqual({
      batchItemFailures: [{ itemIdentifier: numberOf(record) }],
    });
    expect(quarantine).not.toHaveBeenCalled();
    expect(await relay(record)).toEqual({ batchItemFailures: [] });
    expect(reviews().some(({ paymentId }) => paymentId === 'pay_again')).toBe(true);
  });

  it('opens no review for a write without an event or an unused field', async () => {
    const bad = unreadable('pay_fine', { amount: 2_999.5 });
    const failed = { ...bad, status: 'FAILED', version: 2, failure };

    await relay(
      aStreamRecord('Payments', { before: bad, after: { ...bad, dueAt: noon.toISOString() } }),
      aStreamRecord('Payments', { before: bad, after: { ...bad, status: 'CHARGING', version: 2 } }),
      aStreamRecord('Payments', { before: bad, after: failed }),
    );

    expect(openOnce).not.toHaveBeenCalled();
    expect(quarantine).not.toHaveBeenCalled();
    expect(sent()).toEqual(['pay_fine-2']);
  });
});
