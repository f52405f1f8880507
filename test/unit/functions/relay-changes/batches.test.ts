import type { DynamoDBRecord } from 'aws-lambda';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { aPayment } from '../../../support/builders/builders.ts';
import { versionsAfter } from '../../../support/builders/payment-history.ts';
import { aStreamRecord, streamRecordsOf } from '../../../support/builders/stream-records.ts';
import {
  acceptExcept,
  bus,
  numberOf,
  payment,
  quarantine,
  relay,
  requests,
  restart,
  sent,
} from './harness.ts';

const others = Array.from({ length: 12 }, (_, index) => aPayment({ paymentId: `pay_x${index}` }));

/** The records of the payment's three versions; the first and the third have an event. */
const versions = streamRecordsOf(versionsAfter(payment, ['claimed', 'captured']));
const [reserved, , captured] = versions as [DynamoDBRecord, DynamoDBRecord, DynamoDBRecord];
const [another] = streamRecordsOf([aPayment({ paymentId: 'pay_2' })]) as [DynamoDBRecord];
const poison = aStreamRecord('Payments', { after: { ...payment, status: 'PAID' } });

const failuresOf = (...records: DynamoDBRecord[]) => ({
  batchItemFailures: records.map((record) => ({ itemIdentifier: numberOf(record) })),
});

beforeEach(() => {
  bus.reset();
  restart();
  quarantine.mockReset();
  acceptExcept();
});

describe('outbox relay of a batch', () => {
  it('publishes up to ten events in one request', async () => {
    expect(await relay(...others.flatMap((one) => streamRecordsOf([one])))).toEqual(failuresOf());

    expect(requests().map(({ length }) => length)).toEqual([10, 2]);
  });

  it('publishes the second event of a payment in a later request than the first', async () => {
    await relay(...versions, another);

    expect(requests()).toEqual([['pay_1-1', 'pay_2-1'], ['pay_1-3']]);
  });

  it('holds the next event of a payment while the bus rejects one before it', async () => {
    acceptExcept((id) => (id === 'pay_1-1' ? { ErrorCode: 'InternalFailure' } : undefined));
    const first = await relay(...versions, another);
    const sentFirst = sent();
    acceptExcept();
    const second = await relay(...versions, another);

    expect(first).toEqual(failuresOf(reserved, captured));
    expect(sentFirst).toEqual(['pay_1-1', 'pay_2-1']);
    expect(second).toEqual(failuresOf());
    expect(sent().slice(2)).toEqual(['pay_1-1', 'pay_1-3']);
  });

  it('holds the next event of a payment while a record before it is not quarantined', async () => {
    quarantine.mockRejectedValueOnce(new Error('no queue'));

    expect(await relay(poison, captured, another)).toEqual(failuresOf(poison, captured));
    expect(await relay(poison, captured, another)).toEqual(failuresOf());
    expect(sent()).toEqual(['pay_2-1', 'pay_1-3']);
  });

  it('publishes events while another record is quarantined', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    quarantine.mockImplementationOnce(() => promise);

    const response = relay(poison, another);
    await vi.waitFor(() => expect(sent()).toEqual(['pay_2-1']));
    resolve();

    expect(await response).toEqual(failuresOf());
  });

  it('starts no second request of a payment that the timeout could interrupt', async () => {
    expect(await relay.withRemainingMs(9_000, ...versions)).toEqual(failuresOf(captured));
    expect(sent()).toEqual(['pay_1-1']);
  });
});

describe('event that EventBridge refuses for its content', () => {
  const refuse = (refused: string) =>
    acceptExcept((id) => (id === refused ? { ErrorCode: 'MalformedDetail' } : undefined));

  it('is quarantined with its id and code, and holds up no other', async () => {
    refuse('pay_1-1');

    expect(await relay(...versions, another)).toEqual(failuresOf());

    expect(requests()).toEqual([['pay_1-1', 'pay_2-1'], ['pay_1-3']]);
    expect(quarantine.mock.calls).toEqual([
      [
        {
          table: 'Payments',
          stream: reserved.eventSourceARN,
          eventId: reserved.eventID,
          sequenceNumber: numberOf(reserved),
          keys: { paymentId: { S: 'pay_1' } },
          refused: { id: 'pay_1-1', code: 'MalformedDetail' },
        },
      ],
    ]);
  });

  it('is reported as failed if it cannot be quarantined', async () => {
    refuse('pay_1-1');
    quarantine.mockRejectedValueOnce(new Error('no queue'));

    expect(await relay(reserved, another)).toEqual(failuresOf(reserved));
  });

  it('is quarantined once in a process, however often another record fails', async () => {
    acceptExcept((id) => ({ ErrorCode: id === 'pay_1-1' ? 'MalformedDetail' : 'InternalFailure' }));

    for (let delivery = 0; delivery < 3; delivery += 1)
      expect(await relay(another, reserved, poison)).toEqual(failuresOf(another));

    expect(quarantine).toHaveBeenCalledTimes(2);
  });
});
