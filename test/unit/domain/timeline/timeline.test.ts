import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CompensationRecord } from '../../../../shared/domain/compensation/compensation.ts';
import type { InquiryTrigger, Payment } from '../../../../shared/domain/payments/payment.ts';
import { transitionPayment } from '../../../../shared/domain/payments/payment-transitions.ts';
import { transitionRefund } from '../../../../shared/domain/refunds/refund.ts';
import { applyRefundSuccess } from '../../../../shared/domain/refunds/refund-settlement.ts';
import type { Review } from '../../../../shared/domain/reviews/review.ts';
import {
  buildOperatorTimeline,
  buildTimeline,
} from '../../../../shared/domain/timeline/timeline.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { afterTransitions, anyVersions } from '../../../support/builders/payment-history.ts';
import {
  aPaidOrder,
  aRefund,
  later,
  refundSuccess,
} from '../../../support/builders/refund-generators.ts';

const at = (seconds: number) => new Date(noon.getTime() + seconds * 1_000).toISOString();

const record = (given: Partial<CompensationRecord>): CompensationRecord => ({
  paymentId: 'pay_1',
  target: 'STOCK#tea',
  delta: 2,
  outcome: 'restored',
  compensatedAt: at(2),
  ...given,
});

/** A payment that went UNKNOWN, and that the gateway approved in an immediate inquiry. */
const hinted = (by: InquiryTrigger['source']): Payment => {
  const step = (seconds: number) => ({ at: new Date(at(seconds)), by: 'test' });
  const claimed = afterTransitions(aPayment(), 'claimed');
  const unknown = transitionPayment(claimed, 'outcomeUnknown', {
    ...step(2),
    gatewayCalls: [{ operation: 'charge', outcome: 'ambiguous', durationMs: 8_001 }],
  });

  return transitionPayment(unknown, 'captured', {
    ...step(4),
    detail: 'approved as txn_1',
    gatewayCalls: [{ operation: 'inquire', outcome: 'approved', durationMs: 12 }],
    trigger: { source: by, requestedAt: at(3) },
  });
};

const aReview: Review = {
  reviewId: 'rev_1',
  kind: 'payment',
  paymentId: 'pay_1',
  orderId: 'ord_1',
  userId: 'alice',
  version: 3,
  code: 'pg-mismatch',
  amountAtRisk: 5_000,
  currency: 'KRW',
  status: 'RESOLVED',
  openedAt: at(7),
  decision: 'failed',
  audit: [{ at: at(8), by: 'olivia', decision: 'failed', reason: 'it was paid back' }],
};

describe('timeline', () => {
  it('lists accept, claim, charge and the events of a completed payment', () => {
    const payment = afterTransitions(aPayment(), 'claimed', 'captured');
    const { paymentId: id } = payment;

    const entries = buildTimeline(payment);

    expect(entries).toEqual([
      {
        at: at(0),
        sinceAcceptMs: 0,
        kind: 'accept',
        from: undefined,
        to: 'RESERVED',
        detail: 'accept committed: 2000 KRW from the balance, 3000 KRW by the gateway',
      },
      { at: at(0), sinceAcceptMs: 0, kind: 'event', detail: 'PaymentReserved', eventId: `${id}-1` },
      {
        at: at(1),
        sinceAcceptMs: 1_000,
        kind: 'claim',
        from: 'RESERVED',
        to: 'CHARGING',
        detail: 'the charger claims',
      },
      {
        at: at(2),
        sinceAcceptMs: 2_000,
        kind: 'charge',
        from: 'CHARGING',
        to: 'COMPLETED',
        detail: 'approved; amount, currency and reference agree',
      },
      {
        at: at(2),
        sinceAcceptMs: 2_000,
        kind: 'event',
        detail: 'PaymentCompleted',
        eventId: `${id}-3`,
      },
    ]);
  });

  it('lists compensation records at their time, before the transition they allow', () => {
    const entries = buildTimeline(afterTransitions(aPayment(), 'holdReleased', 'compensated'), {
      compensations: [
        record({ target: 'ORDER#ord_1', delta: 0, outcome: 'cancelled' }),
        record({ compensatedAt: new Date(noon.getTime() + 1_500).toISOString() }),
      ],
    });

    expect(entries.slice(4).map(({ kind, detail }) => `${kind}: ${detail}`)).toEqual([
      'compensation: STOCK#tea restored (2)',
      'compensation: ORDER#ord_1 cancelled',
      'transition: every target restored and recorded',
      'event: PaymentCompensated',
    ]);
  });

  it('lists refunds by their transitions and events, and a cancellation request', () => {
    const requested = aRefund(aPaidOrder(), { amount: 4_000 }, 'rfd_1');
    const inconclusive = transitionRefund(requested.refund, 'attemptInconclusive', {
      at: later(12),
      by: 'test',
      detail: 'attempt 1: ambiguous',
      change: { attempts: 1 },
    });
    const { payment, refund } = applyRefundSuccess(
      { ...requested, refund: inconclusive },
      refundSuccess,
    );

    const entries = buildTimeline(
      { ...payment, cancelRequestedAt: later(1.5).toISOString() },
      { refunds: [refund] },
    );

    expect(entries.slice(3).map(({ kind, detail }) => `${kind}: ${detail}`)).toEqual([
      'cancel: the buyer requested cancellation while the charge was in flight',
      'charge: approved; amount, currency and reference agree',
      'event: PaymentCompleted',
      'refund: rfd_1 of 4000 KRW: requested within the refundable amount: 1000 KRW to the balance, 3000 KRW by the gateway',
      'event: RefundRequested',
      'refund: rfd_1 of 4000 KRW: attempt 1: ambiguous',
      'refund: rfd_1 of 4000 KRW: paid back',
      'event: RefundCompleted',
    ]);
    expect(entries.at(-2)).toMatchObject({ from: 'REQUESTED', to: 'SUCCEEDED' });
  });

  it('lists each inquiry as an inquiry entry', () => {
    const entries = buildTimeline(
      afterTransitions(
        aPayment(),
        'claimed',
        'outcomeUnknown',
        'inquiryInconclusive',
        'declined',
        'compensated',
        'lateCaptureRuledOut',
      ),
    );

    expect(entries.filter(({ kind }) => kind === 'inquiry').map(({ to }) => to)).toEqual([
      'UNKNOWN',
      'FAILED',
      'COMPENSATED',
    ]);
  });

  it('lists gateway calls, and the webhook that triggered an inquiry', () => {
    const entries = buildTimeline(hinted('webhook'));

    expect(entries.slice(3).map(({ kind, gatewayCalls }) => [kind, gatewayCalls])).toEqual([
      ['charge', [{ operation: 'charge', outcome: 'ambiguous', durationMs: 8_001 }]],
      ['event', undefined],
      ['webhook', undefined],
      ['inquiry', [{ operation: 'inquire', outcome: 'approved', durationMs: 12 }]],
      ['event', undefined],
    ]);
  });

  it('hides operators and evidence from the buyer', () => {
    const evidence = [{ at: at(9), by: 'inquire-payment', detail: 'late inquiry: not found' }];

    const entries = buildTimeline({ ...hinted('operator'), evidence });

    expect(entries.map(({ kind }) => kind)).toEqual([
      'accept',
      'event',
      'claim',
      'charge',
      'event',
      'inquiry',
      'event',
    ]);
  });

  it('shows the inquiry that the buyer requested', () => {
    expect(buildTimeline(hinted('buyer'))).toContainEqual({
      at: at(3),
      sinceAcceptMs: 3_000,
      kind: 'inquiry',
      detail: 'immediate inquiry requested by the buyer',
    });
  });

  it('shows that the gateway waited for the buyer', () => {
    const waiting = afterTransitions(aPayment(), 'claimed', 'actionRequired');
    const completed = transitionPayment(waiting, 'captured', { at: new Date(at(9)), by: 'test' });
    const [entry] = buildTimeline(completed).filter(({ to }) => to === 'REQUIRES_ACTION');

    expect(entry).toMatchObject({ kind: 'charge', detail: 'the gateway waits for the buyer' });
    expect(buildTimeline(completed).filter(({ to }) => to === 'COMPLETED')).toMatchObject([
      { kind: 'inquiry', from: 'REQUIRES_ACTION' },
    ]);
  });

  it('shows operators, evidence, reviews and consumer effects to an operator', () => {
    const payment = hinted('operator');
    const evidence = [
      { at: at(9), by: 'inquire-payment', detail: 'inquired under review: not found' },
    ];
    const event = { eventId: 'pay_1-4', name: 'PaymentCompleted', at: at(4) } as const;

    const entries = buildOperatorTimeline(
      { ...payment, evidence },
      {
        reviews: [aReview],
        effects: [{ consumer: 'update-ranking', event, at: at(5), action: 'counted' }],
        derivedEvents: [{ eventId: 'points_pay_1-1', name: 'PointsAdded', at: at(6) }],
      },
    );

    expect(entries.slice(5).map(({ kind, detail, eventId }) => [kind, detail, eventId])).toEqual([
      ['operator', 'immediate inquiry requested by an operator', undefined],
      ['inquiry', 'approved as txn_1', undefined],
      ['event', 'PaymentCompleted', `${payment.paymentId}-4`],
      ['consumer', 'update-ranking counted PaymentCompleted', 'pay_1-4'],
      ['event', 'PointsAdded', 'points_pay_1-1'],
      ['review', 'rev_1 opened: pg-mismatch, 5000 KRW at risk', undefined],
      ['review', 'rev_1 resolved by olivia as failed: it was paid back', undefined],
      ['evidence', 'inquire-payment: inquired under review: not found', undefined],
    ]);
  });

  it('shows who proposed the decision on a review, before and after it', () => {
    const proposal = {
      at: at(7),
      by: 'omar',
      decision: 'failed',
      reason: 'paid back',
      basis: 'b',
    } as const;
    const detailsOf = (review: Review) =>
      buildOperatorTimeline(hinted('operator'), {
        reviews: [review],
        effects: [],
        derivedEvents: [],
      })
        .filter(({ kind }) => kind === 'review')
        .map(({ detail }) => detail);
    const proposed = 'rev_1 proposed by omar as failed: paid back';
    const audit = aReview.audit.map((resolution) => ({ ...resolution, proposal }));

    expect(detailsOf({ ...aReview, status: 'OPEN', audit: [], proposal })).toContain(proposed);
    expect(detailsOf({ ...aReview, audit })).toContain(proposed);
  });

  it('has an entry for each transition, in order of time', () => {
    fc.assert(
      fc.property(anyVersions, (versions) => {
        const payment = versions.at(-1) ?? aPayment();
        const entries = buildTimeline(payment);
        const since = entries.map(({ sinceAcceptMs }) => sinceAcceptMs);

        // The other transitions of a COMPLETED payment are listed by its refunds.
        const transitions = payment.history.filter(
          ({ from, event }) => from !== 'COMPLETED' || event !== undefined,
        );
        expect(entries.flatMap(({ to }) => to ?? [])).toEqual(transitions.map(({ to }) => to));
        expect(since).toEqual(since.toSorted((a, b) => a - b));
        expect(entries.every(({ detail }) => detail !== '')).toBe(true);
      }),
    );
  });
});
