import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DomainEvent, envelopeSchema } from '../../../../shared/domain/events/domain-event.ts';
import { eventOfChange } from '../../../../shared/domain/outbox/outbox-event.ts';
import { rejectPayment } from '../../../../shared/domain/payments/open-payment.ts';
import {
  type PaymentTransitionName,
  paymentEventOfEntry,
} from '../../../../shared/domain/payments/payment-transitions.ts';
import { anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
import {
  afterTransitions,
  anyVersions,
  applyTransition,
  aStoredRejection,
  eventsOf,
  streamChangesOf,
} from '../../../support/builders/payment-history.ts';
import { traceparent } from '../../../support/builders/trace.ts';

const order = anOrder({ orderId: 'ord_1', userId: 'alice', couponId: 'welcome' });
const reserved = aPayment({ order, paymentId: 'pay_1' });
const payer = { paymentId: 'pay_1', orderId: 'ord_1', userId: 'alice' };
const money = { amount: 5_000, currency: 'KRW' };
const tenders = { balanceAmount: 2_000, gatewayAmount: 3_000 };

/** The event of the last of these transitions. */
const eventAfter = (...names: PaymentTransitionName[]) => {
  const before = afterTransitions(reserved, ...names.slice(0, -1));

  return eventOfChange({
    of: 'payment',
    before,
    after: applyTransition(before, names.at(-1) as PaymentTransitionName),
  });
};

describe('event of a payment change', () => {
  it('is PaymentReserved for a new payment', () => {
    const event = eventOfChange({ of: 'payment', before: undefined, after: reserved });

    expect(event).toEqual({
      name: 'PaymentReserved',
      specversion: '1.0',
      id: 'pay_1-1',
      source: 'aftercommit.payments',
      type: 'aftercommit.payment.reserved.v1',
      subject: 'pay_1',
      time: noon.toISOString(),
      data: { ...payer, ...money, ...tenders },
    });
  });

  it('is PaymentCompensated for a payment that accept rejected', () => {
    const request = { paymentId: 'pay_1', order, paymentMethod: 'any', requestHash: 'h' };
    const after = rejectPayment(request, noon, { code: 'out-of-stock', reason: 'short' });

    expect(eventOfChange({ of: 'payment', before: undefined, after })).toMatchObject({
      name: 'PaymentCompensated',
      id: 'pay_1-1',
      data: { ...payer, ...money, code: 'out-of-stock' },
    });
  });

  it('is PaymentFailed for a rejected payment as an earlier version stored it', () => {
    const request = { paymentId: 'pay_1', order, paymentMethod: 'any', requestHash: 'h' };
    const failure = { code: 'out-of-stock', reason: 'short' };
    const after = aStoredRejection(rejectPayment(request, noon, failure));

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
          ...tenders,
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
        data: {
          ...payer,
          couponId: 'welcome',
          code: 'card-declined',
          reason: 'The card was declined.',
        },
      },
    ],
    [
      ['claimed', 'outcomeUnknown'],
      { name: 'PaymentOutcomeUnknown', data: { ...payer, ...money, attempt: 1 } },
    ],
    [
      ['claimed', 'reviewOpened'],
      { name: 'PaymentReviewOpened', data: { ...payer, ...money, ...tenders, code: 'mismatch' } },
    ],
    [
      ['holdReleased', 'reviewOpened'],
      {
        name: 'PaymentReviewOpened',
        data: { ...payer, ...money, ...tenders, code: 'compensation-incomplete' },
      },
    ],
    [
      ['holdReleased', 'compensated'],
      { name: 'PaymentCompensated', data: { ...payer, ...money, code: 'card-declined' } },
    ],
    [
      ['holdReleased', 'lateCaptured'],
      { name: 'PaymentLateCaptured', data: { ...payer, ...money } },
    ],
    [
      ['claimed', 'actionRequired'],
      { name: 'PaymentActionRequired', data: { ...payer, ...money, ...tenders } },
    ],
    [
      ['claimed', 'declinedKept'],
      {
        name: 'PaymentDeclined',
        data: {
          ...payer,
          ...money,
          ...tenders,
          code: 'card-declined',
          reason: 'The card was declined.',
        },
      },
    ],
    [
      ['claimed', 'declinedKept', 'confirmed'],
      { name: 'PaymentReserved', data: { ...payer, ...money, ...tenders } },
    ],
    [
      ['holdReleased', 'lateCaptured', 'reversed'],
      { name: 'PaymentReversed', data: { ...payer, ...money } },
    ],
  ])('describes the transition after %j', (names, expected) => {
    const event = eventAfter(...names);

    expect(event).toMatchObject(expected);
    expect(event?.data).toEqual((expected as DomainEvent).data);
  });

  it('carries the time of a cancellation request in PaymentCompleted', () => {
    const cancelRequestedAt = noon.toISOString();
    const before = { ...afterTransitions(reserved, 'claimed'), cancelRequestedAt };

    const event = eventOfChange({
      of: 'payment',
      before,
      after: applyTransition(before, 'captured'),
    });

    expect(event).toMatchObject({ name: 'PaymentCompleted', data: { cancelRequestedAt } });
  });

  it('does not exist for a claim or its return', () => {
    expect(eventAfter('claimed')).toBeUndefined();
    expect(eventAfter('claimed', 'chargeNotSent')).toBeUndefined();
  });

  it('does not exist without a transition', () => {
    const after = { ...reserved, version: 2, refundPending: 1 };

    expect(eventOfChange({ of: 'payment', before: reserved, after })).toBeUndefined();
  });

  it.each<[string, unknown, unknown]>([
    ['an unknown status', undefined, { ...reserved, status: 'PAID' }],
    [
      'a transition that is not in the table',
      afterTransitions(reserved, 'claimed', 'captured'),
      reserved,
    ],
    ['a first status that is not in the table', undefined, afterTransitions(reserved, 'claimed')],
    ['no version', undefined, { ...reserved, version: undefined }],
    [
      'a failure without a reason',
      reserved,
      { ...afterTransitions(reserved, 'holdReleased'), failure: undefined },
    ],
    ['an empty item', undefined, {}],
  ])('throws for %s', (_name, before, after) => {
    expect(() => eventOfChange({ of: 'payment', before, after })).toThrow();
  });

  it('matches its schema and never contains payment method or request hash', () => {
    fc.assert(
      fc.property(anyVersions, (versions) => {
        for (const { name, ...envelope } of eventsOf(streamChangesOf(versions))) {
          expect(envelopeSchema(name).parse(envelope)).toEqual(envelope);
          expect(JSON.stringify(envelope)).not.toMatch(/sim_approve|"hash"|history/);
        }
      }),
    );
  });

  it('carries the trace context of the first request', () => {
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
          history.flatMap((entry) => paymentEventOfEntry(entry) ?? []),
        );
        expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
      }),
    );
  });

  it('is the same for every order and repetition of stream records', () => {
    const eventsById = (events: readonly DomainEvent[]) =>
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
          const first = eventsById(eventsOf(once));
          const repeated = eventsById(eventsOf(again));

          expect(new Map([...repeated].sort())).toEqual(new Map([...first].sort()));
        },
      ),
    );
  });
});
