import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DomainEvent, envelopeSchema } from '../../../../shared/domain/events/domain-event.ts';
import { eventOfChange, type StreamChange } from '../../../../shared/domain/outbox/outbox-event.ts';
import {
  canRefundTransition,
  type Refund,
  type RefundTransitionName,
  refundTransitionOf,
  refundTransitions,
  transitionRefund,
} from '../../../../shared/domain/refunds/refund.ts';
import { replayRefundEvent } from '../../../../shared/domain/refunds/refund-events.ts';
import {
  applyRefundFailure,
  applyRefundSuccess,
} from '../../../../shared/domain/refunds/refund-settlement.ts';
import { anOrder } from '../../../support/builders/builders.ts';
import {
  aPaidOrder,
  aRefund,
  later,
  refundFailure,
  refundSuccess,
} from '../../../support/builders/refund-generators.ts';
import { traceparent } from '../../../support/builders/trace.ts';

const paid = aPaidOrder({ ...anOrder({ orderId: 'ord_1', userId: 'alice' }) });
const lines = [
  { sku: 'tea', quantity: 1, restock: true },
  { sku: 'tea', quantity: 1, restock: false },
];
const requested = aRefund(paid, { lines }, 'rfd_1');
const { refund } = requested;
const settled = applyRefundSuccess(requested, refundSuccess).refund;
const review = transitionRefund(refund, 'reviewOpened', {
  at: later(20),
  by: 'test',
  change: { failure: { code: 'outcome-unknown', reason: 'no answer' } },
});

const subject = {
  refundId: 'rfd_1',
  paymentId: paid.payment.paymentId,
  orderId: 'ord_1',
  userId: 'alice',
  amount: 5_000,
  currency: 'KRW',
};

const parts = { balanceAmount: 2_000, gatewayAmount: 3_000 };

const eventOf = (after: unknown, before?: unknown) =>
  eventOfChange({ of: 'refund', before, after });

describe('event of a refund change', () => {
  it.each<[string, unknown, unknown, object]>([
    [
      'a new refund',
      undefined,
      refund,
      { name: 'RefundRequested', id: 'rfd_1-1', subject: 'rfd_1', data: { ...subject, ...parts } },
    ],
    [
      'a success, with the units per SKU, restocked or not',
      refund,
      settled,
      {
        name: 'RefundCompleted',
        id: 'rfd_1-2',
        data: {
          ...subject,
          ...parts,
          lines: [{ sku: 'tea', quantity: 2 }],
          remainingAmount: 0,
          paymentVersion: 5,
          soldAt: later(2).toISOString(),
        },
      },
    ],
    [
      'a failure',
      refund,
      applyRefundFailure(requested, refundFailure).refund,
      {
        name: 'RefundFailed',
        id: 'rfd_1-2',
        data: {
          ...subject,
          code: 'refund-declined',
          reason: 'The payment gateway declined the refund.',
        },
      },
    ],
    [
      'a review',
      refund,
      review,
      { name: 'RefundReviewOpened', data: { ...subject, code: 'outcome-unknown' } },
    ],
  ])('describes %s', (_case, before, after, expected) => {
    expect(eventOf(after, before)).toMatchObject(expected);
    expect(eventOf(after, before)?.data).toEqual((expected as DomainEvent).data);
  });

  it('does not exist for an inconclusive attempt or without a transition', () => {
    const attempted = transitionRefund(refund, 'attemptInconclusive', {
      at: later(20),
      by: 'test',
    });

    expect(eventOf(attempted, refund)).toBeUndefined();
    expect(eventOf({ ...settled, noted: true }, settled)).toBeUndefined();
  });

  it.each<[string, unknown, unknown]>([
    ['an unknown status', refund, { ...refund, status: 'PAID' }],
    ['a transition that is not in the table', settled, review],
    ['a first status that is not in the table', undefined, review],
    ['a success without the remaining amount', refund, { ...settled, remainingAmount: undefined }],
    ['an empty item', undefined, {}],
  ])('throws for %s', (_case, before, after) => {
    expect(() => eventOf(after, before)).toThrow();
  });

  it('matches its schema, one for each transition that has an event', () => {
    const names = (Object.keys(refundTransitions) as RefundTransitionName[]).slice(1);

    fc.assert(
      fc.property(fc.array(fc.constantFrom(...names), { maxLength: 6 }), (chosen) => {
        const versions = chosen.reduce<Refund[]>(
          (all, name, index) => {
            const last = all.at(-1) as Refund;
            const { remainingAmount, paymentVersion, soldAt } = settled;
            const change = { ...refundFailure, remainingAmount, paymentVersion, soldAt };

            return canRefundTransition(last, name)
              ? all.concat(transitionRefund(last, name, { at: later(index), by: 'test', change }))
              : all;
          },
          [refund],
        );
        const changes = versions.map(
          (after, index): StreamChange => ({ of: 'refund', before: versions[index - 1], after }),
        );

        const events = changes.flatMap((change) => eventOfChange(change) ?? []);

        expect(events.map(({ name }) => name)).toEqual(
          versions
            .at(-1)
            ?.history.flatMap(({ from, to }) => refundTransitionOf(from, to)?.event ?? []),
        );
        for (const { name, ...event } of events) {
          expect(envelopeSchema(name).parse(event)).toEqual(event);
          expect(event).toMatchObject({ traceparent });
        }
        expect(JSON.stringify(events)).not.toMatch(/broken|history|requestHash/);
      }),
    );
  });
});

it('replays an equal event after further attempts', () => {
  const attempted = transitionRefund(refund, 'attemptInconclusive', {
    at: later(20),
    by: 'test',
    change: { attempts: 1 },
  });

  expect(replayRefundEvent(attempted, 'RefundRequested')).toEqual(eventOf(refund));
});
