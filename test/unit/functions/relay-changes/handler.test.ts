import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { DynamoDBRecord } from 'aws-lambda';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { replayableEventsOf } from '../../../../shared/application/dead-letters/replayable-events.ts';
import { redriveCountOf } from '../../../../shared/lambda/event-publisher.ts';
import { logger } from '../../../../shared/observability/logger.ts';
import { anOrder, aPayment } from '../../../support/builders/builders.ts';
import { afterTransitions, versionsAfter } from '../../../support/builders/payment-history.ts';
import { aStreamRecord, streamRecordsOf } from '../../../support/builders/stream-records.ts';
import { captureMetrics } from '../../../support/capture-metrics.ts';
import {
  acceptExcept,
  bus,
  numberOf,
  openOnce,
  payment,
  quarantine,
  relay,
  restart,
  send,
  sent,
} from './harness.ts';

/** The bus accepts every event except the one with this id. */
const refuse = (id: string) =>
  acceptExcept((eventId) => (eventId === id ? { ErrorCode: 'ThrottlingException' } : undefined));

const another = aPayment({ paymentId: 'pay_2' });

/** Records that no table of the service can have written. */
const poisons: Record<string, DynamoDBRecord> = {
  'with an unknown status': aStreamRecord('Payments', {
    after: { ...payment, status: 'PAID' },
  }),
  'with an unknown transition': aStreamRecord('Payments', {
    before: afterTransitions(payment, 'claimed', 'captured'),
    after: afterTransitions(payment, 'claimed'),
  }),
  'of another table': { eventID: 'e', dynamodb: { Keys: { sku: { S: 'tea' } } } },
  'without content': {},
};

beforeEach(() => {
  bus.reset();
  restart();
  quarantine.mockReset();
  openOnce.mockClear();
  acceptExcept();
});

describe('replayed event', () => {
  it('carries the replay count outside the unchanged event', async () => {
    const [event] = replayableEventsOf(payment);
    if (event === undefined) throw new Error('A payment starts with an event.');

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
        balanceAmount: 2_000,
        gatewayAmount: 3_000,
        currency: 'KRW',
      },
    });
  });

  it('skips a change without a published event and stores nothing', async () => {
    const [, claimed] = streamRecordsOf(versionsAfter(payment, ['claimed']));
    const order = anOrder();
    const placed = aStreamRecord('Orders', { after: order });
    const paid = aStreamRecord('Orders', {
      before: order,
      after: { ...order, status: 'COMPLETED', activePaymentId: 'pay_1' },
    });
    const total = aStreamRecord('LoyaltyPoints', {
      after: { userId: 'alice', entry: 'TOTAL', points: 25 },
    });

    const answer = await relay(claimed as DynamoDBRecord, placed, paid, total);

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(sent()).toEqual([]);
    expect(quarantine).not.toHaveBeenCalled();
  });

  it('publishes a redelivered record only once in a process', async () => {
    const [reserved] = streamRecordsOf([payment]);

    await relay(reserved as DynamoDBRecord);
    const again = await relay(reserved as DynamoDBRecord);

    expect(again).toEqual({ batchItemFailures: [] });
    expect(sent()).toEqual(['pay_1-1']);
  });

  it('publishes the same event again in another process', async () => {
    const records = streamRecordsOf(versionsAfter(payment, ['claimed', 'captured']));

    await relay(...records);
    restart();
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
    const poison = poisons['with an unknown status'] as DynamoDBRecord;

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
    const poison = poisons['with an unknown status'] as DynamoDBRecord;
    quarantine.mockRejectedValue(new Error('no queue'));

    expect(await relay(poison)).toEqual({
      batchItemFailures: [{ itemIdentifier: numberOf(poison) }],
    });
  });

  it('logs a batch in one line with ids only', async () => {
    const info = vi.spyOn(logger, 'info');
    const error = vi.spyOn(logger, 'error');
    const poison = poisons['with an unknown status'] as DynamoDBRecord;

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
