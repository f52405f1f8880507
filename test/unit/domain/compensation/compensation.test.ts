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

const paymentThat = (...names: PaymentTransitionName[]) => afterTransitions(aPayment(), ...names);

describe('what may be given back', () => {
  it.each<[string, PaymentTransitionName[]]>([
    ['declined', ['claimed', 'declined']],
    ['released before its charge', ['holdReleased']],
    ['compensated', ['holdReleased', 'compensated']],
    ['in review for want of a step', ['holdReleased', 'reviewOpened']],
  ])('is what a payment holds that is %s', (_state, names) => {
    const payment = paymentThat(...names);

    expect(assertCompensable(payment)).toBe(payment);
  });

  it.each<[string, PaymentTransitionName[]]>([
    ['reserved', []],
    ['being charged', ['claimed']],
    ['of an unknown outcome', ['claimed', 'outcomeUnknown']],
    ['completed', ['claimed', 'captured']],
    ['in review because amounts disagree', ['claimed', 'reviewOpened']],
    ['in review because nobody knows', ['claimed', 'outcomeUnknown', 'reviewOpened']],
    ['in review after a late capture', ['holdReleased', 'lateCaptured', 'reviewOpened']],
    ['captured late', ['holdReleased', 'lateCaptured']],
    ['reversed', ['holdReleased', 'lateCaptured', 'reversed']],
  ])('is never what a payment holds that is %s', (_state, names) => {
    expect(() => assertCompensable(paymentThat(...names))).toThrow(NotCompensableError);
  });

  it('depends on the last outcome that is known, whatever came before and however often it was reviewed', () => {
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

  it('of stock is one line where nothing was reserved, so that the step has something to record', () => {
    const { reservation, ...refused } = aPayment();

    expect(reservedLines(refused)).toEqual([{ sku: 'NONE', quantity: 0 }]);
  });
});

describe('the release of an order', () => {
  const payment = aPayment({ paymentId: 'pay_1', orderId: 'ord_1', couponId: 'welcome' });
  const order = (given: Partial<Order>) => anOrder({ orderId: 'ord_1', ...given });
  const used = (given: Partial<Coupon> = {}) =>
    aCoupon({ status: 'USED', orderId: 'ord_1', ...given });
  const held = { order: 'held-by-another-payment', coupon: 'held-by-another-payment' };

  it.each<[string, Partial<Order>, CouponUse | undefined, object]>([
    [
      'that the payment holds',
      { status: 'PAYING', activePaymentId: 'pay_1' },
      used(),
      { order: 'cancelled', coupon: 'restored' },
    ],
    [
      'that the payment was refused for',
      { status: 'PENDING_PAYMENT' },
      used(),
      { order: 'cancelled', coupon: 'restored' },
    ],
    ['that another payment holds', { status: 'PAYING', activePaymentId: 'pay_2' }, used(), held],
    [
      'that another payment has paid',
      { status: 'COMPLETED', activePaymentId: 'pay_2' },
      used(),
      held,
    ],
    [
      'that is cancelled already',
      { status: 'CANCELLED' },
      aCoupon(),
      { order: 'already-cancelled', coupon: 'not-used-by-order' },
    ],
    [
      'whose coupon has expired meanwhile',
      { status: 'PAYING', activePaymentId: 'pay_1' },
      used({ expiresAt: noon.toISOString() }),
      { order: 'cancelled', coupon: 'expired' },
    ],
    [
      'whose coupon has expired meanwhile, in another zone',
      { status: 'PAYING', activePaymentId: 'pay_1' },
      used({ expiresAt: '2026-03-14T21:00:00+09:00' }),
      { order: 'cancelled', coupon: 'expired' },
    ],
    [
      'whose coupon expires soon, in another zone',
      { status: 'PAYING', activePaymentId: 'pay_1' },
      used({ expiresAt: '2026-03-14T06:00:00-07:00' }),
      { order: 'cancelled', coupon: 'restored' },
    ],
    [
      'whose coupon has an end that cannot be read',
      { status: 'PAYING', activePaymentId: 'pay_1' },
      { userId: 'alice', couponId: 'c', status: 'USED', orderId: 'ord_1', expiresAt: 0 },
      { order: 'cancelled', coupon: 'restored' },
    ],
    [
      'whose coupon another order uses',
      { status: 'PAYING', activePaymentId: 'pay_1' },
      used({ orderId: 'ord_2' }),
      { order: 'cancelled', coupon: 'not-used-by-order' },
    ],
    [
      'whose coupon is gone',
      { status: 'PAYING', activePaymentId: 'pay_1' },
      undefined,
      { order: 'cancelled', coupon: 'target-missing' },
    ],
  ])('%s', (_name, given, coupon, release) => {
    expect(decideRelease(payment, order(given), coupon, noon.toISOString())).toEqual(release);
  });

  it('without a coupon says nothing of one', () => {
    const release = decideRelease(aPayment(), order({}), undefined, noon.toISOString());

    expect(release).toEqual({ order: 'cancelled' });
  });
});

describe('the end of a compensation', () => {
  const failure = { code: 'out-of-stock', reason: 'short', evidence: 'seen', skus: ['tea'] };
  const failed = { ...paymentThat('holdReleased'), failure };

  it('is COMPENSATED where nothing is missing', () => {
    expect(finishCompensation(failed, [], noon)).toMatchObject({
      status: 'COMPENSATED',
      failure,
      history: [{}, {}, { from: 'FAILED', to: 'COMPENSATED', by: 'finish-compensation' }],
    });
  });

  it('is a review where something is, and the refusal keeps its code, skus and evidence', () => {
    expect(finishCompensation(failed, ['STOCK#tea', 'ORDER#ord_1'], noon)).toMatchObject({
      status: 'IN_REVIEW',
      failure: { ...failure, evidence: 'seen; not compensated: STOCK#tea, ORDER#ord_1' },
      history: [{}, {}, { to: 'IN_REVIEW', detail: 'not compensated: STOCK#tea, ORDER#ord_1' }],
    });
  });

  it('of a payment without a reason is a review too, never silence', () => {
    const { failure: _none, ...unexplained } = failed;

    expect(finishCompensation(unexplained, ['STOCK#tea'], noon)).toMatchObject({
      status: 'IN_REVIEW',
      failure: { code: 'unknown-failure', evidence: 'not compensated: STOCK#tea' },
    });
  });

  it('comes from the review once nothing is missing any more', () => {
    const review = finishCompensation(failed, ['STOCK#tea'], noon);

    expect(finishCompensation(review, ['STOCK#tea'], noon)).toBe(review);
    expect(finishCompensation(review, [], noon).status).toBe('COMPENSATED');
  });

  it('changes nothing where it was reached before', () => {
    const compensated = finishCompensation(failed, [], noon);

    expect(finishCompensation(compensated, [], noon)).toBe(compensated);
  });

  it.each<[string, PaymentTransitionName[]]>([
    ['captured late', ['holdReleased', 'compensated', 'lateCaptured']],
    ['reversed', ['holdReleased', 'compensated', 'lateCaptured', 'reversed']],
    ['under review after that', ['holdReleased', 'compensated', 'lateCaptured', 'reviewOpened']],
  ])('is past where the payment is %s', (_state, names) => {
    const payment = paymentThat(...names);

    expect(finishCompensation(payment, [], noon)).toBe(payment);
  });

  it('is refused to a payment that may be captured', () => {
    const unknown = paymentThat('claimed', 'outcomeUnknown');

    expect(() => finishCompensation(unknown, [], noon)).toThrow(NotCompensableError);
  });
});
