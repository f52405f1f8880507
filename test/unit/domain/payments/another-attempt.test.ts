import { describe, expect, it } from 'vitest';
import { decideTransition } from '../../../../shared/application/payments/decide-transition.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { transitionPayment } from '../../../../shared/domain/payments/payment-transitions.ts';
import type { DeclinedCharge } from '../../../../shared/gateway/payment-gateway.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { later } from '../../../support/builders/refund-generators.ts';

const timings = { actionExpiryMs: 60_000, holdExpiryMs: 600_000 };
const outcome: DeclinedCharge = {
  outcome: 'declined',
  code: 'card_declined',
  reason: 'Do not honor.',
  buyerCode: 'card-declined',
};
const kept = afterTransitions(aPayment({ onDecline: 'keep' }), 'claimed');

const declinedWith = (given: Partial<Payment>, seconds = 10) => {
  const payment = { ...kept, ...given };
  const { transition, ...decided } = decideTransition(outcome, payment, later(seconds), timings);

  return transitionPayment(payment, transition, {
    ...decided,
    at: later(seconds),
    by: 'charge-payment',
  });
};

describe('a declined payment with onDecline: keep', () => {
  it('waits for another payment method until its hold ends, as the next attempt', () => {
    const payment = declinedWith({ inquiryCount: 3 });

    expect(payment).toMatchObject({
      status: 'REQUIRES_METHOD',
      attempt: 2,
      inquiryCount: 0,
      dueAt: later(600).toISOString(),
      failure: { code: 'card-declined', evidence: expect.stringContaining('attempt 1') },
      reservation: kept.reservation,
    });
    expect(payment).not.toHaveProperty('paymentMethod');
    expect(payment).not.toHaveProperty('claimExpiresAt');
  });

  it.each(['UNKNOWN', 'REQUIRES_ACTION'] as const)('waits from %s as well', (status) => {
    expect(declinedWith({ status })).toMatchObject({ status: 'REQUIRES_METHOD', attempt: 2 });
  });

  it.each<[string, Partial<Payment>, number?]>([
    ['without keep', { onDecline: undefined as never }],
    ['after the fifth attempt', { attempt: 5 }],
    ['if the buyer has cancelled it', { cancelRequestedAt: noon.toISOString() }],
    ['under review', { status: 'IN_REVIEW' }],
    ['once the hold has ended', {}, 600],
  ])('fails %s', (_when, given, seconds) => {
    expect(declinedWith(given, seconds)).toMatchObject({
      status: 'FAILED',
      attempt: given.attempt ?? 1,
      failure: { code: 'card-declined' },
    });
  });

  it('allows the fifth attempt', () => {
    expect(declinedWith({ attempt: 4 }, 599)).toMatchObject({
      status: 'REQUIRES_METHOD',
      attempt: 5,
    });
  });

  it('has no failure while the next attempt is charged', () => {
    const confirmed = afterTransitions(declinedWith({}), 'confirmed');

    expect(confirmed).not.toHaveProperty('failure');
    expect(confirmed).toMatchObject({ status: 'RESERVED', attempt: 2 });
  });
});

describe('a payment that ends after several attempts', () => {
  const secondAttempt = afterTransitions(kept, 'declinedKept', 'confirmed', 'claimed');

  it.each([
    ['captured'],
    ['declined', 'compensated'],
    ['declined', 'compensated', 'lateCaptured', 'reversed'],
  ] as const)('is due for an inquiry about each attempt once %s', (...names) => {
    const ended = afterTransitions(secondAttempt, ...names);

    expect(ended).toMatchObject({ hintedAt: ended.updatedAt, dueAt: ended.updatedAt });
  });

  it.each([['captured'], ['declined', 'compensated', 'lateCaptured', 'reversed']] as const)(
    'is not due after one attempt once %s',
    (...names) => {
      const ended = afterTransitions(kept, ...names);

      expect(ended).not.toHaveProperty('hintedAt');
      expect(ended).not.toHaveProperty('dueAt');
    },
  );

  it('is not due again with each refund', () => {
    const compared = {
      ...afterTransitions(secondAttempt, 'captured'),
      lastInquiredAt: later(60).toISOString(),
    };
    const { hintedAt } = compared;

    expect(afterTransitions(compared, 'refundRequested', 'refundSettled').hintedAt).toBe(hintedAt);
  });
});
