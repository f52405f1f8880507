import { describe, expect, it } from 'vitest';
import { type EventName, eventData } from '../../../../shared/domain/events/domain-event.ts';
import {
  eventOfChange,
  isPublished,
  publishedEventOfChange,
  type StreamChange,
} from '../../../../shared/domain/outbox/outbox-event.ts';
import { anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
import {
  eventsOf,
  streamChangesOf,
  versionsAfter,
} from '../../../support/builders/payment-history.ts';
import { traceparent } from '../../../support/builders/trace.ts';

const order = anOrder({ orderId: 'ord_1', userId: 'alice', couponId: 'welcome' });
const reserved = aPayment({ order, paymentId: 'pay_1' });

describe('event of an order change', () => {
  const paying = { ...order, status: 'PAYING', activePaymentId: 'pay_1', version: 2 };
  const at = '2026-03-14T12:00:03.000Z';
  const change = (after: object): StreamChange => ({
    of: 'order',
    before: paying,
    after: { ...paying, version: 3, updatedAt: at, traceparent, ...after },
  });

  it('names the payment in OrderCompleted', () => {
    expect(eventOfChange(change({ status: 'COMPLETED' }))).toMatchObject({
      name: 'OrderCompleted',
      id: 'ord_1-3',
      subject: 'ord_1',
      time: at,
      traceparent,
      data: { orderId: 'ord_1', userId: 'alice', paymentId: 'pay_1' },
    });
  });

  it('is not published for a completed order, because no consumer subscribes to it', () => {
    expect(publishedEventOfChange(change({ status: 'COMPLETED' }))).toBeUndefined();
    expect(publishedEventOfChange(change({ status: 'CANCELLED' }))).toMatchObject({
      name: 'OrderCancelled',
    });
  });

  it('names the items in OrderCancelled', () => {
    expect(eventOfChange(change({ status: 'CANCELLED' }))).toMatchObject({
      name: 'OrderCancelled',
      id: 'ord_1-3',
      traceparent,
      data: { orderId: 'ord_1', userId: 'alice', items: [{ sku: 'tea', quantity: 2 }] },
    });
  });

  it('does not exist for a new or newly held order', () => {
    expect(eventOfChange({ of: 'order', before: undefined, after: order })).toBeUndefined();
    expect(eventOfChange({ of: 'order', before: order, after: paying })).toBeUndefined();
    expect(eventOfChange(change({ status: 'PAYING' }))).toBeUndefined();
  });

  it('throws for a COMPLETED order without a payment', () => {
    const after = { status: 'COMPLETED', activePaymentId: undefined };

    expect(() => eventOfChange(change(after))).toThrow();
  });
});

describe('publication', () => {
  it('leaves out OrderCompleted alone', () => {
    const names = Object.keys(eventData) as EventName[];

    expect(names.filter((name) => !isPublished(name))).toEqual(['OrderCompleted']);
  });

  it('includes OrderCompleted for a consumer that subscribes to it', () => {
    const consumers = { 'send-to-data-platform': ['PaymentCompleted', 'OrderCompleted'] } as const;

    expect(isPublished('OrderCompleted', consumers)).toBe(true);
    expect(isPublished('OrderCompleted', { 'notify-buyer': ['PaymentCompleted'] })).toBe(false);
  });
});

describe('event of earned points', () => {
  const earning = {
    userId: 'alice',
    entry: 'PAYMENT#pay_1',
    paymentId: 'pay_1',
    points: 25,
    version: 1,
    at: noon.toISOString(),
    traceparent,
  };

  it('is PointsAdded with an id that no payment event has', () => {
    const event = eventOfChange({ of: 'points', before: undefined, after: earning });
    const ofPayment = eventsOf(streamChangesOf(versionsAfter(reserved, ['claimed', 'captured'])));

    expect(event).toMatchObject({
      name: 'PointsAdded',
      traceparent,
      data: { userId: 'alice', paymentId: 'pay_1', points: 25 },
    });
    expect(ofPayment.map(({ id }) => id)).not.toContain(event?.id);
  });

  it.each([
    ['fewer after a refund', 20, -5],
    ['more than before', 26, 1],
  ])('carries the difference of a correction: %s', (_case, points, change) => {
    const after = { ...earning, points, version: 2 };

    expect(eventOfChange({ of: 'points', before: earning, after })).toMatchObject({
      name: 'PointsCorrected',
      id: 'points_pay_1-2',
      traceparent,
      data: { userId: 'alice', paymentId: 'pay_1', points, change },
    });
  });

  it('does not exist for zero points or an unchanged number', () => {
    const none = { ...earning, points: 0 };
    const after = { ...earning, version: 2 };

    expect(eventOfChange({ of: 'points', before: undefined, after: none })).toBeUndefined();
    expect(eventOfChange({ of: 'points', before: earning, after })).toBeUndefined();
  });
});
