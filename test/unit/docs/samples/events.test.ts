import type { DynamoDBRecord, DynamoDBStreamEvent, SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { eventNames } from '../../../../dev/docs/schemas.ts';
import { heardOnlyWith, subscriptions } from '../../../../shared/domain/events/domain-event.ts';
import { eventFrom } from '../../../../shared/domain/payments/payment-events.ts';
import { queuedEvent } from '../../../../shared/lambda/sqs-handler.ts';
import { changeOf } from '../../../../shared/persistence/stream-record.ts';
import { sample, told } from './sample.ts';

describe('a batch of a stream', () => {
  const changes = (name: string) => sample<DynamoDBStreamEvent>(name).Records;
  const publishedFor = (record: DynamoDBRecord) => {
    const change = changeOf(record);

    return change && eventFrom(change);
  };

  it.each([
    ['relay-changes', ['PaymentReserved']],
    ['relay-changes-orders', ['OrderCompleted']],
    ['relay-changes-refunds', ['RefundRequested', 'RefundCompleted']],
    ['relay-changes-points', ['PointsAdded']],
    ['relay-changes-irrelevant', [undefined, 'PaymentCompleted']],
  ] as const)('%s is told by the sampled events', (name, events) => {
    expect(changes(name).map(publishedFor)).toEqual(events.map((event) => event && told(event)));
  });

  it('relay-changes-poison has a record that nobody can read before a good one', () => {
    const [poison, good] = changes('relay-changes-poison');

    expect(() => publishedFor(poison as DynamoDBRecord)).toThrow();
    expect(publishedFor(good as DynamoDBRecord)).toEqual(told('PaymentReserved'));
  });
});

describe('a batch of messages', () => {
  const fields = { cancelRequestedAt: '2026-11-23T09:00:05.300Z', fromReview: true };
  /** Who hears only of events with a certain field has samples of those. */
  const withField = (folder: string, event: ReturnType<typeof told>) => {
    const field = heardOnlyWith[folder as keyof typeof heardOnlyWith];

    return field ? { ...event, data: { ...event.data, [field]: fields[field] } } : event;
  };
  const messages = (name: string) => sample<SQSEvent>(name).Records;
  const parse = queuedEvent(eventNames);

  it.each(Object.entries(subscriptions))('%s hears the sampled events', (folder, events) => {
    const heard = messages(folder).map(({ body }) => queuedEvent(events)(body));

    expect(heard).toEqual(events.map((event) => withField(folder, told(event))));
    // The messages of a batch are handled side by side: one that comes again beside itself is left for later.
    expect(new Set(heard.map(({ id }) => id)).size).toBe(heard.length);
  });

  it('charge-payment-redelivered is the same message again', () => {
    const [first, again] = ['charge-payment', 'charge-payment-redelivered'].flatMap(messages);

    expect(again).toMatchObject({ messageId: first?.messageId, body: first?.body });
    expect(again?.attributes.ApproximateReceiveCount).toBe('2');
  });

  it('charge-payment-poison has a message that nobody can read before a good one', () => {
    const [poison = '', good = ''] = messages('charge-payment-poison').map(({ body }) => body);

    expect(() => parse(poison)).toThrow();
    expect(parse(good)).toEqual(told('PaymentReserved'));
  });
});

describe('an event on the bus', () => {
  it.each(eventNames)('%s is what its schema says', (name) => {
    expect(told(name)).toMatchObject({ name });
  });

  it('payment-failed-duplicate is delivered by the bus as another event, and is the same', () => {
    const first = sample<{ id: string; detail: object }>('bus/payment-failed');
    const again = sample<{ id: string; detail: object }>('bus/payment-failed-duplicate');

    expect(again.detail).toEqual(first.detail);
    expect(again.id).not.toBe(first.id);
  });
});
