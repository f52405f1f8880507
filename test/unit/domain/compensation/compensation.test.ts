import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  assertCompensable,
  decideRelease,
  finishCompensation,
  NotCompensableError,
  reservedLines,
} from '../../../../shared/domain/compensation/compensation.ts';
import type { Coupon, CouponUse, Order } from '../../../../shared/domain/orders/order.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import type { PaymentTransitionName } from '../../../../shared/domain/payments/payment-transitions.ts';
import { aCoupon, anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
import { afterTransitions, anyVersions } from '../../../support/builders/payment-history.ts';

const paymentAfter = (...names: PaymentTransitionName[]) => afterTransitions(aPayment(), ...names);

describe('assert that a payment is compensable', () => {
  it.each<[string, PaymentTransitionName[]]>([
    ['declined', ['claimed', 'declined']],
    ['released before its charge', ['holdReleased']],
    ['compensated', ['holdReleased', 'compensated']],
    ['in review because a step failed', ['holdReleased', 'reviewOpened']],
  ])('passes a payment that is %s', (_state, names) => {
    const payment = paymentAfter(...names);

    expect(assertCompensable(payment)).toBe(payment);
  });

  it.each<[string, PaymentTransitionName[]]>([
    ['reserved', []],
    ['being charged', ['claimed']],
    ['of an unknown outcome', ['claimed', 'outcomeUnknown']],
    ['completed', ['claimed', 'captured']],
    ['in review because amounts disagree', ['claimed', 'reviewOpened']],
    ['in review because its outcome is unknown', ['claimed', 'outcomeUnknown', 'reviewOpened']],
    ['in review after a late capture', ['holdReleased', 'lateCaptured', 'reviewOpened']],
    ['captured late', ['holdReleased', 'lateCaptured']],
    ['reversed', ['holdReleased', 'lateCaptured', 'reversed']],
  ])('throws for a payment that is %s', (_state, names) => {
    expect(() => assertCompensable(paymentAfter(...names))).toThrow(NotCompensableError);
  });

  it('depends on the last status that is not IN_REVIEW', () => {
    fc.assert(
      fc.property(anyVersions, (versions) => {
        const payment = versions.at(-1) as Payment;
        const { status, history } = payment;
        const known = history.findLast(({ to }) => to !== 'IN_REVIEW')?.to;
        const failed = known === 'FAILED' || status === 'COMPENSATED';

        if (failed) expect(assertCompensable(payment)).toBe(payment);
        else expect(() => assertCompensable(payment)).toThrow(NotCompensableError);
      }),
    );
  });

  it('gives the stock step one line to record without a reservation', () => {
    const { reservation, ...rejected } = aPayment();

    expect(reservedLines(rejected)).toEqual([{ sku: 'NONE', quantity: 0 }]);
  });
});

describe('decide the release of an order', () => {
  const payment = aPayment({ paymentId: 'pay_1', orderId: 'ord_1', couponId: 'welcome' });
  const order = (given: Partial<Order>) => anOrder({ orderId: 'ord_1', ...given });
  const used = (given: Partial<Coupon> = {}) =>
    aCoupon({ status: 'USED', orderId: 'ord_1', ...given });
  const held = { order: 'held-by-another-payment', coupon: 'held-by-another-payment' };

  it.each<[string, Partial<Order>, CouponUse | undefined, object]>([
    [
      'held by the payment',
      { status: 'PAYING', activePaymentId: 'pay_1' },
      used(),
      { order: 'cancelled', coupon: 'restored' },
    ],
    [
      'whose payment accept rejected',
      { status: 'PENDING_PAYMENT' },
      used(),
      { order: 'cancelled', coupon: 'restored' },
    ],
    ['held by another payment', { status: 'PAYING', activePaymentId: 'pay_2' }, used(), held],
    ['paid by another payment', { status: 'COMPLETED', activePaymentId: 'pay_2' }, used(), held],
    [
      'cancelled already',
      { status: 'CANCELLED' },
      aCoupon(),
      { order: 'already-cancelled', coupon: 'not-used-by-order' },
    ],
    [
      'with an expired coupon',
      { status: 'PAYING', activePaymentId: 'pay_1' },
      used({ expiresAt: noon.toISOString() }),
      { order: 'cancelled', coupon: 'expired' },
    ],
    [
      'with an expired coupon of another time zone',
      { status: 'PAYING', activePaymentId: 'pay_1' },
      used({ expiresAt: '2026-03-14T21:00:00+09:00' }),
      { order: 'cancelled', coupon: 'expired' },
    ],
    [
      'with a valid coupon of another time zone',
      { status: 'PAYING', activePaymentId: 'pay_1' },
      used({ expiresAt: '2026-03-14T06:00:00-07:00' }),
      { order: 'cancelled', coupon: 'restored' },
    ],
    [
      'with a coupon whose expiry is not valid',
      { status: 'PAYING', activePaymentId: 'pay_1' },
      { userId: 'alice', couponId: 'c', status: 'USED', orderId: 'ord_1', expiresAt: 0 },
      { order: 'cancelled', coupon: 'restored' },
    ],
    [
      'with a coupon that another order uses',
      { status: 'PAYING', activePaymentId: 'pay_1' },
      used({ orderId: 'ord_2' }),
      { order: 'cancelled', coupon: 'not-used-by-order' },
    ],
    [
      'with a missing coupon',
      { status: 'PAYING', activePaymentId: 'pay_1' },
      undefined,
      { order: 'cancelled', coupon: 'target-missing' },
    ],
  ])('handles an order %s', (_name, given, coupon, release) => {
    expect(decideRelease(payment, order(given), coupon, noon.toISOString())).toEqual(release);
  });

  it('returns no coupon outcome for an order without a coupon', () => {
    const release = decideRelease(aPayment(), order({}), undefined, noon.toISOString());

    expect(release).toEqual({ order: 'cancelled' });
  });
});

describe('finish a compensation', () => {
  const failure = { code: 'out-of-stock', reason: 'short', evidence: 'seen', skus: ['tea'] };
  const failed = { ...paymentAfter('holdReleased'), failure };

  it('gives COMPENSATED if no target is missing', () => {
    expect(finishCompensation(failed, [], noon)).toMatchObject({
      status: 'COMPENSATED',
      failure,
      history: [{}, {}, { from: 'FAILED', to: 'COMPENSATED', by: 'finish-compensation' }],
    });
  });

  it('opens a review for missing targets and keeps code, SKUs and evidence', () => {
    expect(finishCompensation(failed, ['STOCK#tea', 'ORDER#ord_1'], noon)).toMatchObject({
      status: 'IN_REVIEW',
      failure: { ...failure, evidence: 'seen; not compensated: STOCK#tea, ORDER#ord_1' },
      history: [{}, {}, { to: 'IN_REVIEW', detail: 'not compensated: STOCK#tea, ORDER#ord_1' }],
    });
  });

  it('opens a review also for a payment without a failure', () => {
    const { failure: _none, ...unexplained } = failed;

    expect(finishCompensation(unexplained, ['STOCK#tea'], noon)).toMatchObject({
      status: 'IN_REVIEW',
      failure: { code: 'unknown-failure', evidence: 'not compensated: STOCK#tea' },
    });
  });

  it('ends the review once no target is missing', () => {
    const review = finishCompensation(failed, ['STOCK#tea'], noon);

    expect(finishCompensation(review, ['STOCK#tea'], noon)).toBe(review);
    expect(finishCompensation(review, [], noon).status).toBe('COMPENSATED');
  });

  it('changes nothing if it has finished already', () => {
    const compensated = finishCompensation(failed, [], noon);

    expect(finishCompensation(compensated, [], noon)).toBe(compensated);
  });

  it.each<[string, PaymentTransitionName[]]>([
    ['captured late', ['holdReleased', 'compensated', 'lateCaptured']],
    ['reversed', ['holdReleased', 'compensated', 'lateCaptured', 'reversed']],
    ['under review after that', ['holdReleased', 'compensated', 'lateCaptured', 'reviewOpened']],
  ])('changes nothing if the payment is %s', (_state, names) => {
    const payment = paymentAfter(...names);

    expect(finishCompensation(payment, [], noon)).toBe(payment);
  });

  it('throws for a payment that may be captured', () => {
    const unknown = paymentAfter('claimed', 'outcomeUnknown');

    expect(() => finishCompensation(unknown, [], noon)).toThrow(NotCompensableError);
  });
});
