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
import {
  afterTransitions,
  anyVersions,
  aStoredRejection,
} from '../../../support/builders/payment-history.ts';
import { later } from '../../../support/builders/refund-generators.ts';

const reviewOf = ({ version }: Payment, given: Partial<Review> = {}) =>
  ({ status: 'OPEN', version, ...given }) as Review;

const everything = ['STOCK#tea', 'BALANCE#alice', 'ORDER#ord_1'];

const resolution = (decision: Decision) => ({
  reviewId: 'rev_1',
  at: later(3_600).toISOString(),
  by: 'olivia',
  decision,
  reason: 'The gateway said so.',
});

const decide = (payment: Payment, decision: Decision) =>
  applyDecision(payment, resolution(decision), { timings: timings.local });

/** Rejected at accept, and its order could not be released. */
const rejectedPayment = (): Payment => {
  const request = { paymentId: 'pay_1', order: anOrder(), paymentMethod: 'any', requestHash: 'h' };

  return afterTransitions(
    aStoredRejection(rejectPayment(request, noon, { code: 'out-of-stock', reason: 'no' })),
    'reviewOpened',
  );
};

describe('allowed decisions', () => {
  it.each<[string, PaymentTransitionName[], string[], Decision[]]>([
    [
      'whose amount differs at the gateway',
      ['claimed', 'reviewOpened'],
      everything,
      ['completed', 'failed'],
    ],
    [
      'whose outcome is unknown',
      ['claimed', 'outcomeUnknown', 'reviewOpened'],
      everything,
      ['completed', 'failed'],
    ],
    [
      'with a failed compensation step',
      ['claimed', 'declined', 'reviewOpened'],
      ['STOCK#tea'],
      ['failed'],
    ],
    [
      'whose targets were all restored by hand',
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
      'that was captured before its compensation had finished',
      ['claimed', 'declined', 'lateCaptured', 'reviewOpened'],
      ['STOCK#tea'],
      ['failed'],
    ],
    ['that is not under review', ['claimed', 'outcomeUnknown'], everything, []],
    ['that is completed', ['claimed', 'captured'], everything, []],
  ])('for a payment %s', (_state, names, missing, decisions) => {
    const payment = afterTransitions(aPayment(), ...names);

    expect(allowedDecisions(reviewOf(payment), payment, missing)).toEqual(decisions);
  });

  it('never include completed for a payment that accept rejected', () => {
    const payment = rejectedPayment();

    expect(allowedDecisions(reviewOf(payment), payment, ['ORDER#ord_1'])).toEqual(['failed']);
    expect(allowedDecisions(reviewOf(payment), payment, [])).toEqual(['failed']);
  });

  it('are none if the payment changed or the review is resolved', () => {
    const payment = afterTransitions(aPayment(), 'claimed', 'reviewOpened');

    expect(allowedDecisions(reviewOf(payment, { version: 2 }), payment, [])).toEqual([]);
    expect(allowedDecisions(reviewOf(payment, { status: 'RESOLVED' }), payment, [])).toEqual([]);
  });

  it('are always allowed transitions and never lose held funds', () => {
    fc.assert(
      fc.property(anyVersions, fc.boolean(), (versions, isHeld) => {
        const payment = versions.at(-1) as Payment;
        const missing = isHeld ? everything : [];
        const allowed = allowedDecisions(reviewOf(payment), payment, missing);

        expect(allowed.length > 0).toBe(payment.status === 'IN_REVIEW');
        for (const decision of allowed) {
          const after = decide(payment, decision);
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

describe('apply a decision to a payment', () => {
  const unknown = afterTransitions(aPayment(), 'claimed', 'outcomeUnknown');
  const reviewed = (code: string) => {
    const payment = afterTransitions(unknown, 'reviewOpened');

    return { ...payment, failure: { code, reason: 'why', evidence: 'seen' } };
  };

  it('stores the failure, and the operator as evidence', () => {
    expect(decide(reviewed('pg-mismatch'), 'failed')).toMatchObject({
      status: 'FAILED',
      version: 5,
      failure: {
        code: 'not-paid',
        reason: 'An operator found that it was not paid.',
        evidence: 'seen; rev_1, olivia: The gateway said so.',
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

  it('keeps the earlier failure of a failed payment', () => {
    const declined = afterTransitions(aPayment(), 'claimed', 'declined', 'reviewOpened');
    const failure = { code: 'insufficient_funds', reason: 'no funds', evidence: 'seen' };

    expect(decide({ ...declined, failure }, 'failed').failure).toEqual({
      ...failure,
      evidence: 'seen; rev_1, olivia: The gateway said so.',
    });
  });

  it.each([
    ['outcome-unknown', { count: 0, nextAt: later(3_610).toISOString() }],
    ['pg-mismatch', undefined],
    ['ledger-mismatch', undefined],
  ])(
    'schedules late-capture checks after %s only if the gateway may have captured it',
    (code, check) => {
      expect(decide(reviewed(code), 'failed').lateCaptureCheck).toEqual(check);
    },
  );

  it('removes the failure of a completed payment', () => {
    const after = decide(reviewed('pg-mismatch'), 'completed');

    expect(after).toMatchObject({ status: 'COMPLETED' });
    expect(after).not.toHaveProperty('failure');
  });

  it('hides the operator from the buyer', () => {
    expect(JSON.stringify(decide(reviewed('pg-mismatch'), 'completed'))).not.toContain('olivia');
  });
});
