import type { DynamoDBRecord, DynamoDBStreamEvent, SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { eventNames } from '../../../../dev/docs/schemas.ts';
import {
  subscriptionFilters,
  subscriptions,
} from '../../../../shared/domain/events/subscriptions.ts';
import { createQueuedEventParser } from '../../../../shared/lambda/queued-event.ts';
import { publishedEventOfRecord } from '../../../../shared/persistence/stream-record.ts';
import { readSample, readSampleEvent } from './sample.ts';

describe('sampled stream batch', () => {
  const changes = (name: string) => readSample<DynamoDBStreamEvent>(name).Records;

  it.each([
    ['relay-changes', ['PaymentReserved']],
    ['relay-changes-orders', ['OrderCancelled']],
    ['relay-changes-refunds', ['RefundRequested', 'RefundCompleted']],
    ['relay-changes-points', ['PointsAdded']],
    ['relay-changes-irrelevant', [undefined, 'PaymentCompleted']],
  ] as const)('%s results in the sampled events', (name, events) => {
    expect(changes(name).map(publishedEventOfRecord)).toEqual(
      events.map((event) => event && readSampleEvent(event)),
    );
  });

  it('relay-changes-poison has an unreadable record before a valid one', () => {
    const [poison, good] = changes('relay-changes-poison');

    expect(() => publishedEventOfRecord(poison as DynamoDBRecord)).toThrow();
    expect(publishedEventOfRecord(good as DynamoDBRecord)).toEqual(
      readSampleEvent('PaymentReserved'),
    );
  });
});

describe('sampled SQS batch', () => {
  const fields = { cancelRequestedAt: '2026-11-23T09:00:05.300Z', fromReview: true };
  /** A consumer with a filter on a field has samples with that field. */
  const withField = (folder: string, event: ReturnType<typeof readSampleEvent>) => {
    const field = subscriptionFilters[folder as keyof typeof subscriptionFilters];

    return field ? { ...event, data: { ...event.data, [field]: fields[field] } } : event;
  };
  const messages = (name: string) => readSample<SQSEvent>(name).Records;
  const parse = createQueuedEventParser(eventNames);

  it.each(Object.entries(subscriptions))('%s contains the sampled events', (folder, events) => {
    const received = messages(folder).map(({ body }) => createQueuedEventParser(events)(body));

    expect(received).toEqual(events.map((event) => withField(folder, readSampleEvent(event))));
    // The messages of a batch are processed concurrently: a duplicate in the same batch would be deferred.
    expect(new Set(received.map(({ id }) => id)).size).toBe(received.length);
  });

  it('charge-payment-redelivered is a redelivery of the same message', () => {
    const [first, again] = ['charge-payment', 'charge-payment-redelivered'].flatMap(messages);

    expect(again).toMatchObject({ messageId: first?.messageId, body: first?.body });
    expect(again?.attributes.ApproximateReceiveCount).toBe('2');
  });

  it('charge-payment-poison has an unreadable message before a valid one', () => {
    const [poison = '', good = ''] = messages('charge-payment-poison').map(({ body }) => body);

    expect(() => parse(poison)).toThrow();
    expect(parse(good)).toEqual(readSampleEvent('PaymentReserved'));
  });
});

describe('sampled bus event', () => {
  it.each(eventNames)('%s matches its schema', (name) => {
    expect(readSampleEvent(name)).toMatchObject({ name });
  });

  it('payment-failed-duplicate has another bus id and the same detail', () => {
    const first = readSample<{ id: string; detail: object }>('bus/payment-failed');
    const again = readSample<{ id: string; detail: object }>('bus/payment-failed-duplicate');

    expect(again.detail).toEqual(first.detail);
    expect(again.id).not.toBe(first.id);
  });
});
