import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Compensation } from '../../../shared/domain/compensation.ts';
import { timelineOf } from '../../../shared/domain/timeline.ts';
import { aPayment, noon } from '../../support/builders.ts';
import { anyVersions, movedBy } from '../../support/payment-history.ts';

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
    const entries = timelineOf(movedBy(aPayment(), 'claimed', 'captured'), []);

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
    const entries = timelineOf(movedBy(aPayment(), 'released', 'compensated'), [
      record({ target: 'ORDER#ord_1', delta: 0, outcome: 'cancelled' }),
      record({ compensatedAt: new Date(noon.getTime() + 1_500).toISOString() }),
    ]);

    expect(entries.slice(4).map(({ kind, detail }) => `${kind}: ${detail}`)).toEqual([
      'compensation: STOCK#tea restored (2)',
      'compensation: ORDER#ord_1 cancelled',
      'state: every step recorded',
      'event: PaymentCompensated',
    ]);
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
      [],
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
        const entries = timelineOf(payment, []);
        const since = entries.map(({ sinceAcceptMs }) => sinceAcceptMs);

        expect(entries.flatMap(({ to }) => to ?? [])).toEqual(payment.history.map(({ to }) => to));
        expect(since).toEqual(since.toSorted((a, b) => a - b));
        expect(entries.every(({ detail }) => detail !== '')).toBe(true);
      }),
    );
  });
});
