import { describe, expect, it } from 'vitest';
import { refundStageOf } from '../../../../shared/domain/payments/buyer-status.ts';
import { refundableAmount } from '../../../../shared/domain/payments/refundable.ts';
import {
  applyRefundFailure,
  applyRefundSuccess,
} from '../../../../shared/domain/refunds/refund-settlement.ts';
import {
  aPaidOrder,
  aRefund,
  later,
  refundFailure,
  refundSuccess,
} from '../../../support/builders/refund-generators.ts';
import { discountedPaidOrder, refundLine } from './fixtures.ts';

describe('settle a refund', () => {
  it('stores the remaining amount, payment version and sale time on success', () => {
    const requested = aRefund(discountedPaidOrder(), { lines: [refundLine('tea', 1)] });

    const { payment, refund } = applyRefundSuccess(requested, refundSuccess);

    expect(payment).toMatchObject({
      version: 5,
      refunded: 750,
      refundPending: 0,
      refundedUnits: 1,
    });
    expect(refundStageOf(payment)).toBe('PARTIALLY_REFUNDED');
    expect(refund).toMatchObject({
      status: 'SUCCEEDED',
      remainingAmount: 2_250,
      paymentVersion: 5,
      soldAt: later(2).toISOString(),
      pg: refundSuccess.pg,
    });
    expect(refund).not.toHaveProperty('dueAt');
  });

  it('makes amount and units refundable again on failure', () => {
    const before = discountedPaidOrder();
    const requested = aRefund(before, { lines: [refundLine('tea', 2)] });

    const { payment, refund } = applyRefundFailure(requested, refundFailure);

    expect(refund).toMatchObject({ status: 'FAILED', failure: refundFailure.failure });
    expect(refundableAmount(payment)).toBe(3_000);
    expect(aRefund({ ...before, payment }, 'remaining').refund.lines).toEqual(
      aRefund(before, 'remaining').refund.lines,
    );
  });

  it('returns its own share of a rounded price on failure', () => {
    const before = aPaidOrder({
      lines: [{ sku: 'tea', quantity: 2, unitPrice: 501 }],
      discount: 1,
    });
    const selection = { lines: [refundLine('tea', 1)] };
    const first = aRefund(before, selection);
    const second = aRefund({ ...before, payment: first.payment }, selection);
    const { payment } = applyRefundFailure({ ...first, payment: second.payment }, refundFailure);

    const third = aRefund({ ...before, payment }, selection);

    expect([first, second, third].map(({ refund }) => refund.amount)).toEqual([500, 501, 500]);
    expect(refundableAmount(third.payment)).toBe(0);
  });
});
