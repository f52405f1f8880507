import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fundsStateOf } from '../../../../shared/domain/payments/funds-state.ts';
import { rejectPayment } from '../../../../shared/domain/payments/open-payment.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import type { PaymentTransitionName } from '../../../../shared/domain/payments/payment-transitions.ts';
import {
  allowedDecisions,
  type Decision,
  type Review,
} from '../../../../shared/domain/reviews/review.ts';
import { applyDecision } from '../../../../shared/domain/reviews/review-decision.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
import { afterTransitions, anyVersions } from '../../../support/builders/payment-history.ts';
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
  applyDecision(payment, resolution(decision), { timings: timings.local });

/** Refused at accept, and nobody could release its order. */
const rejectedPayment = (): Payment => {
  const request = { paymentId: 'pay_1', order: anOrder(), paymentMethod: 'any', requestHash: 'h' };

  return afterTransitions(
    rejectPayment(request, noon, { code: 'out-of-stock', reason: 'no' }),
    'reviewOpened',
  );
};

describe('what may be decided', () => {
  it.each<[string, PaymentTransitionName[], string[], Decision[]]>([
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
    ['that was never charged', ['holdReleased', 'reviewOpened'], [], ['failed']],
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
    const payment = afterTransitions(aPayment(), ...names);

    expect(allowedDecisions(reviewOf(payment), payment, missing)).toEqual(decisions);
  });

  it('of a payment that was refused at accept is never that it is paid', () => {
    const payment = rejectedPayment();

    expect(allowedDecisions(reviewOf(payment), payment, ['ORDER#ord_1'])).toEqual(['failed']);
    expect(allowedDecisions(reviewOf(payment), payment, [])).toEqual(['failed']);
  });

  it('is nothing where the payment went on, or the review is resolved', () => {
    const payment = afterTransitions(aPayment(), 'claimed', 'reviewOpened');

    expect(allowedDecisions(reviewOf(payment, { version: 2 }), payment, [])).toEqual([]);
    expect(allowedDecisions(reviewOf(payment, { status: 'RESOLVED' }), payment, [])).toEqual([]);
  });

  it('is always a way that the table has, and never one that loses what is held', () => {
    fc.assert(
      fc.property(anyVersions, fc.boolean(), (versions, isHeld) => {
        const payment = versions.at(-1) as Payment;
        const missing = isHeld ? everything : [];
        const allowed = allowedDecisions(reviewOf(payment), payment, missing);

        expect(allowed.length > 0).toBe(payment.status === 'IN_REVIEW');
        for (const decision of allowed) {
          const after = deciding(payment, decision);
          if (decision === 'completed') expect(fundsStateOf(payment)).toBe('held');
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
  const unknown = afterTransitions(aPayment(), 'claimed', 'outcomeUnknown');
  const reviewed = (code: string) => {
    const payment = afterTransitions(unknown, 'reviewOpened');

    return { ...payment, failure: { code, reason: 'why', evidence: 'seen' } };
  };

  it('that failed says so to its buyer, and keeps who decided it as evidence', () => {
    expect(deciding(reviewed('pg-mismatch'), 'failed')).toMatchObject({
      status: 'FAILED',
      version: 5,
      failure: {
        code: 'not-paid',
        reason: 'An operator found that it was not paid.',
        evidence: 'seen; rev_1, olivia: The PG said so.',
      },
      history: expect.arrayContaining([
        expect.objectContaining({
          from: 'IN_REVIEW',
          to: 'FAILED',
          by: 'resolve-review',
          detail: 'decided by an operator: failed (rev_1)',
        }),
      ]),
    });
  });

  it('that had failed before keeps its refusal', () => {
    const refused = afterTransitions(aPayment(), 'claimed', 'declined', 'reviewOpened');
    const failure = { code: 'insufficient_funds', reason: 'no funds', evidence: 'seen' };

    expect(deciding({ ...refused, failure }, 'failed').failure).toEqual({
      ...failure,
      evidence: 'seen; rev_1, olivia: The PG said so.',
    });
  });

  it.each([
    ['outcome-unknown', { count: 0, nextAt: later(3_610).toISOString() }],
    ['pg-mismatch', undefined],
    ['ledger-mismatch', undefined],
  ])(
    'that failed after %s is asked about again as far as the PG may still have it',
    (code, check) => {
      expect(deciding(reviewed(code), 'failed').lateCaptureCheck).toEqual(check);
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
