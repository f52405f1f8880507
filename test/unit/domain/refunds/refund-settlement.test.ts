import { describe, expect, it } from 'vitest';
import { refundStageOf } from '../../../../shared/domain/payments/payment.ts';
import { leftOf } from '../../../../shared/domain/payments/refundable.ts';
import { failRefund, settleRefund } from '../../../../shared/domain/refunds/refund-settlement.ts';
import {
  aPaidOrder,
  aRefund,
  later,
  paidBack,
  refused,
} from '../../../support/builders/refund-generators.ts';
import { paid, units } from './fixtures.ts';

describe('a refund', () => {
  it('that succeeds keeps what is left of the payment, at which version, and the day of the sale', () => {
    const requested = aRefund(paid(), { lines: [units('tea', 1)] });

    const { payment, refund } = settleRefund(requested, paidBack);

    expect(payment).toMatchObject({
      version: 5,
      refunded: 750,
      refundPending: 0,
      unitsRefunded: 1,
    });
    expect(refundStageOf(payment)).toBe('PARTIALLY_REFUNDED');
    expect(refund).toMatchObject({
      status: 'SUCCEEDED',
      net: 2_250,
      paymentVersion: 5,
      soldAt: later(2).toISOString(),
      pg: paidBack.pg,
    });
    expect(refund).not.toHaveProperty('dueAt');
  });

  it('that fails leaves the payment as if nobody had asked, but for the journal', () => {
    const before = paid();
    const requested = aRefund(before, { lines: [units('tea', 2)] });

    const { payment, refund } = failRefund(requested, refused);

    expect(refund).toMatchObject({ status: 'FAILED', failure: refused.failure });
    expect(leftOf(payment)).toBe(3_000);
    expect(aRefund({ ...before, payment }, 'rest').refund.lines).toEqual(
      aRefund(before, 'rest').refund.lines,
    );
  });

  it('that failed gives back its own share of a rounded price, not that of a later one', () => {
    const before = aPaidOrder({
      lines: [{ sku: 'tea', quantity: 2, unitPrice: 501 }],
      discount: 1,
    });
    const wish = { lines: [units('tea', 1)] };
    const first = aRefund(before, wish);
    const second = aRefund({ ...before, payment: first.payment }, wish);
    const { payment } = failRefund({ ...first, payment: second.payment }, refused);

    const third = aRefund({ ...before, payment }, wish);

    expect([first, second, third].map(({ refund }) => refund.amount)).toEqual([500, 501, 500]);
    expect(leftOf(third.payment)).toBe(0);
  });
});
