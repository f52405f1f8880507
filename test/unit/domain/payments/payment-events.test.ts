import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DomainEvent, envelopeSchema } from '../../../../shared/domain/events/domain-event.ts';
import { eventOfChange, type StreamChange } from '../../../../shared/domain/outbox/outbox-event.ts';
import { rejectPayment } from '../../../../shared/domain/payments/open-payment.ts';
import {
  type PaymentTransitionName,
  paymentTransitionEvent,
} from '../../../../shared/domain/payments/payment-transitions.ts';
import { anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
import {
  afterTransitions,
  anyVersions,
  applyTransition,
  eventsOf,
  streamChangesOf,
  versionsAfter,
} from '../../../support/builders/payment-history.ts';
import { traceparent } from '../../../support/builders/trace.ts';

const order = anOrder({ orderId: 'ord_1', userId: 'alice', couponId: 'welcome' });
const reserved = aPayment({ order, paymentId: 'pay_1' });
const payer = { paymentId: 'pay_1', orderId: 'ord_1', userId: 'alice' };
const money = { amount: 5_000, currency: 'KRW' };

/** The event of the last of these moves. */
const eventAfter = (...names: PaymentTransitionName[]) => {
  const before = afterTransitions(reserved, ...names.slice(0, -1));

  return eventOfChange({
    of: 'payment',
    before,
    after: applyTransition(before, names.at(-1) as PaymentTransitionName),
  });
};

describe('a change of a payment', () => {
  it('that begins it is told with its first version', () => {
    const told = eventOfChange({ of: 'payment', before: undefined, after: reserved });

    expect(told).toEqual({
      name: 'PaymentReserved',
      specversion: '1.0',
      id: 'pay_1-1',
      source: 'aftercommit.payments',
      type: 'aftercommit.payment.reserved.v1',
      subject: 'pay_1',
      time: noon.toISOString(),
      data: { ...payer, ...money },
    });
  });

  it('that stores a refusal is told as a failure at once', () => {
    const request = { paymentId: 'pay_1', order, paymentMethod: 'any', requestHash: 'h' };
    const after = rejectPayment(request, noon, { code: 'out-of-stock', reason: 'short' });

    expect(eventOfChange({ of: 'payment', before: undefined, after })).toMatchObject({
      name: 'PaymentFailed',
      id: 'pay_1-1',
      data: { ...payer, couponId: 'welcome', code: 'out-of-stock', reason: 'short' },
    });
  });

  it.each<[PaymentTransitionName[], object]>([
    [
      ['claimed', 'captured'],
      {
        name: 'PaymentCompleted',
        id: 'pay_1-3',
        data: {
          ...payer,
          ...money,
          lines: [{ sku: 'tea', quantity: 2 }],
          completedAt: '2026-03-14T12:00:02.000Z',
        },
      },
    ],
    [
      ['claimed', 'declined'],
      {
        name: 'PaymentFailed',
        id: 'pay_1-3',
        data: { ...payer, couponId: 'welcome', code: 'declined', reason: 'no' },
      },
    ],
    [
      ['claimed', 'outcomeUnknown'],
      { name: 'PaymentOutcomeUnknown', data: { ...payer, ...money, attempt: 1 } },
    ],
    [
      ['claimed', 'reviewOpened'],
      { name: 'PaymentReviewOpened', data: { ...payer, ...money, code: 'mismatch' } },
    ],
    [
      ['holdReleased', 'reviewOpened'],
      {
        name: 'PaymentReviewOpened',
        data: { ...payer, ...money, code: 'compensation-incomplete' },
      },
    ],
    [
      ['holdReleased', 'compensated'],
      { name: 'PaymentCompensated', data: { ...payer, ...money, code: 'declined' } },
    ],
    [
      ['holdReleased', 'lateCaptured'],
      { name: 'PaymentLateCaptured', data: { ...payer, ...money } },
    ],
    [
      ['holdReleased', 'lateCaptured', 'reversed'],
      { name: 'PaymentReversed', data: { ...payer, ...money } },
    ],
  ])('by %j is told as it happened', (names, event) => {
    const told = eventAfter(...names);

    expect(told).toMatchObject(event);
    expect(told?.data).toEqual((event as DomainEvent).data);
  });

  it('that completes it says when the buyer had asked to cancel it', () => {
    const cancelRequestedAt = noon.toISOString();
    const before = { ...afterTransitions(reserved, 'claimed'), cancelRequestedAt };

    const told = eventOfChange({
      of: 'payment',
      before,
      after: applyTransition(before, 'captured'),
    });

    expect(told).toMatchObject({ name: 'PaymentCompleted', data: { cancelRequestedAt } });
  });

  it('that only claims it, or gives the claim up, concerns nobody', () => {
    expect(eventAfter('claimed')).toBeUndefined();
    expect(eventAfter('claimed', 'chargeNotSent')).toBeUndefined();
  });

  it('that does not move it concerns nobody', () => {
    const after = { ...reserved, version: 2, refundPending: 1 };

    expect(eventOfChange({ of: 'payment', before: reserved, after })).toBeUndefined();
  });

  it.each<[string, unknown, unknown]>([
    ['a state that there is not', undefined, { ...reserved, status: 'PAID' }],
    [
      'a move that the table does not have',
      afterTransitions(reserved, 'claimed', 'captured'),
      reserved,
    ],
    ['a beginning that the table does not have', undefined, afterTransitions(reserved, 'claimed')],
    ['no version', undefined, { ...reserved, version: undefined }],
    [
      'a failure without a reason',
      reserved,
      { ...afterTransitions(reserved, 'holdReleased'), failure: undefined },
    ],
    ['nothing in it', undefined, {}],
  ])('with %s is no event but a fault', (_name, before, after) => {
    expect(() => eventOfChange({ of: 'payment', before, after })).toThrow();
  });

  it('is told by events that their schemas take, and that tell nothing of method and request', () => {
    fc.assert(
      fc.property(anyVersions, (versions) => {
        for (const { name, ...told } of eventsOf(streamChangesOf(versions))) {
          expect(envelopeSchema(name).parse(told)).toEqual(told);
          expect(JSON.stringify(told)).not.toMatch(/sim_approve|"hash"|history/);
        }
      }),
    );
  });

  it('is told in the trace of the request that it all began with', () => {
    fc.assert(
      fc.property(anyVersions, (versions) => {
        for (const event of eventsOf(streamChangesOf(versions))) {
          expect(event).toMatchObject({ traceparent });
        }
      }),
    );
  });

  it('builds one event with its own id for each transition that has one', () => {
    fc.assert(
      fc.property(anyVersions, (versions) => {
        const events = eventsOf(streamChangesOf(versions));
        const history = versions.at(-1)?.history ?? [];

        expect(events.map(({ name }) => name)).toEqual(
          history.flatMap(({ from, to }) => paymentTransitionEvent(from, to) ?? []),
        );
        expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
      }),
    );
  });

  it('gives the same events however often and in whatever order the stream tells it', () => {
    const told = (events: readonly DomainEvent[]) =>
      new Map(events.map((event) => [event.id, JSON.stringify(event)]));

    fc.assert(
      fc.property(
        anyVersions.chain((versions) => {
          const changes = streamChangesOf(versions);

          return fc.record({
            once: fc.constant(changes),
            again: fc.array(fc.constantFrom(...changes), { maxLength: 20 }).chain((more) => {
              const all = [...changes, ...more];

              return fc.shuffledSubarray(all, { minLength: all.length });
            }),
          });
        }),
        ({ once, again }) => {
          const first = told(eventsOf(once));
          const repeated = told(eventsOf(again));

          expect(new Map([...repeated].sort())).toEqual(new Map([...first].sort()));
        },
      ),
    );
  });
});

describe('a change of an order', () => {
  const paying = { ...order, status: 'PAYING', activePaymentId: 'pay_1', version: 2 };
  const at = '2026-03-14T12:00:03.000Z';
  const change = (after: object): StreamChange => ({
    of: 'order',
    before: paying,
    after: { ...paying, version: 3, updatedAt: at, traceparent, ...after },
  });

  it('to COMPLETED names the payment that paid it', () => {
    expect(eventOfChange(change({ status: 'COMPLETED' }))).toMatchObject({
      name: 'OrderCompleted',
      id: 'ord_1-3',
      subject: 'ord_1',
      time: at,
      traceparent,
      data: { orderId: 'ord_1', userId: 'alice', paymentId: 'pay_1' },
    });
  });

  it('to CANCELLED names its items', () => {
    expect(eventOfChange(change({ status: 'CANCELLED' }))).toMatchObject({
      name: 'OrderCancelled',
      id: 'ord_1-3',
      traceparent,
      data: { orderId: 'ord_1', userId: 'alice', items: [{ sku: 'tea', quantity: 2 }] },
    });
  });

  it('that places or binds it concerns nobody', () => {
    expect(eventOfChange({ of: 'order', before: undefined, after: order })).toBeUndefined();
    expect(eventOfChange({ of: 'order', before: order, after: paying })).toBeUndefined();
    expect(eventOfChange(change({ status: 'PAYING' }))).toBeUndefined();
  });

  it('to COMPLETED by no payment is a fault', () => {
    const after = { status: 'COMPLETED', activePaymentId: undefined };

    expect(() => eventOfChange(change(after))).toThrow();
  });
});

describe('an earning', () => {
  const earning = {
    userId: 'alice',
    entry: 'PAYMENT#pay_1',
    paymentId: 'pay_1',
    points: 25,
    version: 1,
    at: noon.toISOString(),
    traceparent,
  };

  it('is told once its points are there, under an id that no event of the payment has', () => {
    const told = eventOfChange({ of: 'earning', before: undefined, after: earning });
    const ofPayment = eventsOf(streamChangesOf(versionsAfter(reserved, ['claimed', 'captured'])));

    expect(told).toMatchObject({
      name: 'PointsAdded',
      traceparent,
      data: { userId: 'alice', paymentId: 'pay_1', points: 25 },
    });
    expect(ofPayment.map(({ id }) => id)).not.toContain(told?.id);
  });

  it.each([
    ['taken back by a refund', 20, -5],
    ['more than before', 26, 1],
  ])('that is corrected later tells by how much: %s', (_what, points, change) => {
    const after = { ...earning, points, version: 2 };

    expect(eventOfChange({ of: 'earning', before: earning, after })).toMatchObject({
      name: 'PointsCorrected',
      id: 'points_pay_1-2',
      traceparent,
      data: { userId: 'alice', paymentId: 'pay_1', points, change },
    });
  });

  it('of nothing, and a correction by nothing, are not told', () => {
    const none = { ...earning, points: 0 };
    const after = { ...earning, version: 2 };

    expect(eventOfChange({ of: 'earning', before: undefined, after: none })).toBeUndefined();
    expect(eventOfChange({ of: 'earning', before: earning, after })).toBeUndefined();
  });
});
