import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { standingOf } from '../../../../shared/domain/payments/funds-state.ts';
import { type Payment, refusePayment } from '../../../../shared/domain/payments/payment.ts';
import type { TransitionName } from '../../../../shared/domain/payments/payment-transitions.ts';
import {
  type Decision,
  decisionsFor,
  type Review,
} from '../../../../shared/domain/reviews/review.ts';
import { decided } from '../../../../shared/domain/reviews/review-decision.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
import { anyVersions, movedBy } from '../../../support/builders/payment-history.ts';
import { later } from '../../../support/builders/refund-generators.ts';

const reviewOf = ({ version }: Payment, given: Partial<Review> = {}) =>
  ({ status: 'OPEN', version, ...given }) as Review;

const everything = ['STOCK#tea', 'BALANCE#alice', 'ORDER#ord_1'];

const resolution = (decision: Decision) => ({
  reviewId: 'rev_1',
  at: later(3_600).toISOString(),
  by: 'olivia',
  decision,
  reason: 'The PG said so.',
});

const deciding = (payment: Payment, decision: Decision) =>
  decided(payment, resolution(decision), { timings: timings.local });

/** Refused at accept, and nobody could release its order. */
const refusedAtAccept = (): Payment => {
  const request = { paymentId: 'pay_1', order: anOrder(), paymentMethod: 'any', requestHash: 'h' };

  return movedBy(
    refusePayment(request, noon, { code: 'out-of-stock', reason: 'no' }),
    'reviewOpened',
  );
};

describe('what may be decided', () => {
  it.each<[string, TransitionName[], string[], Decision[]]>([
    [
      'that disagrees with the PG',
      ['claimed', 'reviewOpened'],
      everything,
      ['completed', 'failed'],
    ],
    [
      'of which nobody knows',
      ['claimed', 'outcomeUnknown', 'reviewOpened'],
      everything,
      ['completed', 'failed'],
    ],
    [
      'of which a step could not be undone',
      ['claimed', 'declined', 'reviewOpened'],
      ['STOCK#tea'],
      ['failed'],
    ],
    [
      'of which all steps were undone by hand',
      ['claimed', 'declined', 'reviewOpened'],
      [],
      ['failed', 'reversed'],
    ],
    ['that was never charged', ['released', 'reviewOpened'], [], ['failed']],
    [
      'whose late capture was not refunded',
      ['claimed', 'declined', 'compensated', 'lateCaptured', 'reviewOpened'],
      [],
      ['reversed'],
    ],
    [
      'that was captured late before all was given back',
      ['claimed', 'declined', 'lateCaptured', 'reviewOpened'],
      ['STOCK#tea'],
      ['failed'],
    ],
    ['that is under no review', ['claimed', 'outcomeUnknown'], everything, []],
    ['that is completed', ['claimed', 'captured'], everything, []],
  ])('of a payment %s', (_state, names, missing, decisions) => {
    const payment = movedBy(aPayment(), ...names);

    expect(decisionsFor(reviewOf(payment), payment, missing)).toEqual(decisions);
  });

  it('of a payment that was refused at accept is never that it is paid', () => {
    const payment = refusedAtAccept();

    expect(decisionsFor(reviewOf(payment), payment, ['ORDER#ord_1'])).toEqual(['failed']);
    expect(decisionsFor(reviewOf(payment), payment, [])).toEqual(['failed']);
  });

  it('is nothing where the payment went on, or the review is resolved', () => {
    const payment = movedBy(aPayment(), 'claimed', 'reviewOpened');

    expect(decisionsFor(reviewOf(payment, { version: 2 }), payment, [])).toEqual([]);
    expect(decisionsFor(reviewOf(payment, { status: 'RESOLVED' }), payment, [])).toEqual([]);
  });

  it('is always a way that the table has, and never one that loses what is held', () => {
    fc.assert(
      fc.property(anyVersions, fc.boolean(), (versions, isHeld) => {
        const payment = versions.at(-1) as Payment;
        const missing = isHeld ? everything : [];
        const allowed = decisionsFor(reviewOf(payment), payment, missing);

        expect(allowed.length > 0).toBe(payment.status === 'IN_REVIEW');
        for (const decision of allowed) {
          const after = deciding(payment, decision);
          if (decision === 'completed') expect(standingOf(payment)).toBe('open');
          if (decision === 'reversed') expect(missing).toEqual([]);
          expect(after.status).toBe(
            { completed: 'COMPLETED', failed: 'FAILED', reversed: 'REVERSED' }[decision],
          );
        }
      }),
    );
  });
});

describe('a decided payment', () => {
  const unknown = movedBy(aPayment(), 'claimed', 'outcomeUnknown');
  const reviewed = (code: string) => {
    const payment = movedBy(unknown, 'reviewOpened');

    return { ...payment, failure: { code, reason: 'why', evidence: 'seen' } };
  };

  it('that failed says so to its buyer, and keeps who decided it as evidence', () => {
    expect(deciding(reviewed('pg-mismatch'), 'failed')).toMatchObject({
      status: 'FAILED',
      version: 5,
      failure: {
        code: 'not-paid',
        reason: 'It was looked into, and it was not paid.',
        evidence: 'seen; rev_1, olivia: The PG said so.',
      },
      history: expect.arrayContaining([
        expect.objectContaining({
          from: 'IN_REVIEW',
          to: 'FAILED',
          by: 'resolve-review',
          detail: 'decided by a person: failed (rev_1)',
        }),
      ]),
    });
  });

  it('that had failed before keeps its refusal', () => {
    const refused = movedBy(aPayment(), 'claimed', 'declined', 'reviewOpened');
    const failure = { code: 'insufficient_funds', reason: 'no funds', evidence: 'seen' };

    expect(deciding({ ...refused, failure }, 'failed').failure).toEqual({
      ...failure,
      evidence: 'seen; rev_1, olivia: The PG said so.',
    });
  });

  it.each([
    ['outcome-unknown', { made: 0, dueAt: later(3_610).toISOString() }],
    ['pg-mismatch', undefined],
    ['books-disagree', undefined],
  ])(
    'that failed after %s is asked about again as far as the PG may still have it',
    (code, check) => {
      expect(deciding(reviewed(code), 'failed').lateCheck).toEqual(check);
    },
  );

  it('that is paid shows no failure any more', () => {
    const after = deciding(reviewed('pg-mismatch'), 'completed');

    expect(after).toMatchObject({ status: 'COMPLETED' });
    expect(after).not.toHaveProperty('failure');
  });

  it('names nobody to its buyer', () => {
    expect(JSON.stringify(deciding(reviewed('pg-mismatch'), 'completed'))).not.toContain('olivia');
  });
});
