import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Compensation } from '../../../shared/domain/compensation.ts';
import { advanceRefund } from '../../../shared/domain/refund.ts';
import { settleRefund } from '../../../shared/domain/refund-outcome.ts';
import { timelineOf } from '../../../shared/domain/timeline.ts';
import { aPayment, noon } from '../../support/builders.ts';
import { anyVersions, movedBy } from '../../support/payment-history.ts';
import { aPaidOrder, aRefund, later, paidBack } from '../../support/refund-history.ts';

const at = (seconds: number) => new Date(noon.getTime() + seconds * 1_000).toISOString();

const record = (given: Partial<Compensation>): Compensation => ({
  paymentId: 'pay_1',
  target: 'STOCK#tea',
  delta: 2,
  outcome: 'restored',
  compensatedAt: at(2),
  ...given,
});

describe('a timeline', () => {
  it('tells accept, claim, charge and the events of a payment that went through', () => {
    const entries = timelineOf(movedBy(aPayment(), 'claimed', 'captured'));

    expect(entries).toEqual([
      {
        at: at(0),
        sinceAcceptMs: 0,
        kind: 'accept',
        from: undefined,
        to: 'RESERVED',
        detail: 'accept committed',
      },
      { at: at(0), sinceAcceptMs: 0, kind: 'event', detail: 'PaymentReserved' },
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
      { at: at(2), sinceAcceptMs: 2_000, kind: 'event', detail: 'PaymentCompleted' },
    ]);
  });

  it('tells what was undone where it happened, before the move that it allows', () => {
    const entries = timelineOf(movedBy(aPayment(), 'released', 'compensated'), {
      compensations: [
        record({ target: 'ORDER#ord_1', delta: 0, outcome: 'cancelled' }),
        record({ compensatedAt: new Date(noon.getTime() + 1_500).toISOString() }),
      ],
    });

    expect(entries.slice(4).map(({ kind, detail }) => `${kind}: ${detail}`)).toEqual([
      'compensation: STOCK#tea restored (2)',
      'compensation: ORDER#ord_1 cancelled',
      'state: every step recorded',
      'event: PaymentCompensated',
    ]);
  });

  it('tells each refund by its own moves and events, and the wish to cancel where it came', () => {
    const requested = aRefund(aPaidOrder(), { amount: 1_000 }, 'rfd_1');
    const asked = advanceRefund(requested.refund, 'asked', {
      at: later(12),
      by: 'test',
      detail: 'try 1: ambiguous',
      change: { tries: 1 },
    });
    const { payment, refund } = settleRefund({ ...requested, refund: asked }, paidBack);

    const entries = timelineOf(
      { ...payment, cancelRequestedAt: later(1.5).toISOString() },
      { refunds: [refund] },
    );

    expect(entries.slice(3).map(({ kind, detail }) => `${kind}: ${detail}`)).toEqual([
      'cancel: the buyer asked to cancel it while it was in flight',
      'charge: approved; amount, currency and reference agree',
      'event: PaymentCompleted',
      'refund: rfd_1 of 1000 KRW: asked for, within what is left of the payment',
      'event: RefundRequested',
      'refund: rfd_1 of 1000 KRW: try 1: ambiguous',
      'refund: rfd_1 of 1000 KRW: paid back',
      'event: RefundCompleted',
    ]);
    expect(entries.at(-2)).toMatchObject({ from: 'REQUESTED', to: 'SUCCEEDED' });
  });

  it('tells each question that the PG was asked as an inquiry', () => {
    const entries = timelineOf(
      movedBy(
        aPayment(),
        'claimed',
        'outcomeUnknown',
        'inquired',
        'declined',
        'compensated',
        'checked',
      ),
    );

    expect(entries.filter(({ kind }) => kind === 'inquiry').map(({ to }) => to)).toEqual([
      'UNKNOWN',
      'FAILED',
      'COMPENSATED',
    ]);
  });

  it('has an entry for each move, in their order, and never runs backwards', () => {
    fc.assert(
      fc.property(anyVersions, (versions) => {
        const payment = versions.at(-1) ?? aPayment();
        const entries = timelineOf(payment);
        const since = entries.map(({ sinceAcceptMs }) => sinceAcceptMs);

        // Refunds tell themselves how far it is refunded.
        const moves = payment.history.filter(({ from }) => from !== 'COMPLETED');
        expect(entries.flatMap(({ to }) => to ?? [])).toEqual(moves.map(({ to }) => to));
        expect(since).toEqual(since.toSorted((a, b) => a - b));
        expect(entries.every(({ detail }) => detail !== '')).toBe(true);
      }),
    );
  });
});
