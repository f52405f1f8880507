import { describe, expect, it } from 'vitest';
import type { RejectionCode } from '../../../../shared/domain/errors.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { refundableAmount } from '../../../../shared/domain/payments/refundable.ts';
import type { RefundSelection } from '../../../../shared/domain/refunds/open-refund.ts';
import { applyRefundFailure } from '../../../../shared/domain/refunds/refund-settlement.ts';
import { aPayment } from '../../../support/builders/builders.ts';
import {
  aPaidOrder,
  aRefund,
  later,
  refundFailure,
} from '../../../support/builders/refund-generators.ts';
import { discountedPaidOrder, refundLine } from './fixtures.ts';

const almostRefunded = () => {
  const before = discountedPaidOrder();

  return { ...before, payment: aRefund(before, { amount: 2_900 }).payment };
};
const partlyReturned = () => {
  const before = discountedPaidOrder();

  return { ...before, payment: aRefund(before, { lines: [refundLine('tea', 2)] }).payment };
};
const atMaxVersions = () => {
  const { order, payment } = discountedPaidOrder();

  return { order, payment: { ...payment, version: 400 } };
};

describe('open a refund', () => {
  it('sets the amount aside and is due immediately', () => {
    const { payment, refund } = aRefund(discountedPaidOrder(), { amount: 1_200 }, 'rfd_1');

    expect(payment).toMatchObject({ status: 'COMPLETED', version: 4, refunded: 0 });
    expect(payment).toMatchObject({ refundPending: 1_200 });
    expect(payment.history.at(-1)).toMatchObject({
      from: 'COMPLETED',
      to: 'COMPLETED',
      detail: 'refund rfd_1 of 1200 KRW requested',
    });
    expect(refund).toMatchObject({
      status: 'REQUESTED',
      version: 1,
      amount: 1_200,
      lines: [],
      reason: 'broken',
      dueAt: later(10).toISOString(),
    });
  });

  it.each([
    ['that its buyer cancelled before it was captured', later(1).toISOString(), true],
    ['that was not cancelled', undefined, undefined],
  ])('marks a refund of a payment %s', (_what, cancelRequestedAt, isForCancellation) => {
    const { order, payment } = discountedPaidOrder();
    const cancelled = {
      order,
      payment: { ...payment, ...(cancelRequestedAt && { cancelRequestedAt }) },
    };

    const requested = aRefund(cancelled, { amount: 1_200 });

    expect(requested.refund.isForCancellation).toBe(isForCancellation);
    // The refund of the rest is still to be requested.
    expect(requested.payment.cancelRefundId).toBeUndefined();
  });

  it('reads the map of refunded units that earlier versions wrote', () => {
    const { order, payment } = partlyReturned();
    const returned = { tea: { quantity: 2, amount: 1_500 } } as unknown as Payment['refundedLines'];
    const stored = { order, payment: { ...payment, refundedLines: returned } };

    const remaining = aRefund(stored, 'remaining');

    expect(remaining.refund).toMatchObject({
      amount: 1_500,
      lines: [
        { sku: 'tea', quantity: 1, amount: 750 },
        { sku: 'cup', quantity: 1, amount: 750 },
      ],
    });
    expect(
      applyRefundFailure(
        { ...remaining, payment: { ...remaining.payment, refundedLines: returned } },
        refundFailure,
      ).payment,
    ).toMatchObject({
      refundedLines: [{ sku: 'tea', quantity: 1 }],
    });
  });

  it('prices lines after their share of the discount', () => {
    const lines = [refundLine('tea', 1), refundLine('cup', 1, false), refundLine('tea', 1, false)];

    const { payment, refund } = aRefund(discountedPaidOrder(), { lines });

    expect(refund.amount).toBe(2_250);
    expect(refund.lines).toEqual([
      { sku: 'tea', quantity: 1, restock: true, amount: 750 },
      { sku: 'cup', quantity: 1, restock: false, amount: 750 },
      { sku: 'tea', quantity: 1, restock: false, amount: 750 },
    ]);
    expect(payment.refundedLines).toEqual([
      { sku: 'cup', quantity: 1, amount: 750 },
      { sku: 'tea', quantity: 2, amount: 1_500 },
    ]);
  });

  it('merges lines of a SKU with the same restock choice', () => {
    const lines = [refundLine('tea', 1), refundLine('tea', 1), refundLine('tea', 1, false)];

    expect(aRefund(discountedPaidOrder(), { lines }).refund.lines).toMatchObject([
      { sku: 'tea', quantity: 2, restock: true },
      { sku: 'tea', quantity: 1, restock: false },
    ]);
  });

  it('refunds the remaining amount and restocks the remaining units', () => {
    const { order, payment } = discountedPaidOrder();
    const one = aRefund({ order, payment }, { lines: [refundLine('tea', 2, false)] });
    const two = aRefund({ order, payment: one.payment }, { amount: 100 });

    const { refund, payment: after } = aRefund({ order, payment: two.payment }, 'remaining');

    expect(refund.amount).toBe(1_400);
    expect(refund.lines).toMatchObject([refundLine('tea', 1), refundLine('cup', 1)]);
    expect(refundableAmount(after)).toBe(0);
  });

  it('limits lines to the refundable amount, down to 0, and refunds all their units', () => {
    const { order, payment } = almostRefunded();

    const { refund, payment: after } = aRefund(
      { order, payment },
      { lines: [refundLine('tea', 1), refundLine('cup', 1)] },
    );

    expect(refund).toMatchObject({ amount: 100 });
    expect(refund.lines).toEqual([
      { sku: 'tea', quantity: 1, restock: true, amount: 100 },
      { sku: 'cup', quantity: 1, restock: true, amount: 0 },
    ]);
    expect(after).toMatchObject({ refundPending: 3_000 });
    expect(
      aRefund({ order, payment: after }, { lines: [refundLine('tea', 2)] }).refund,
    ).toMatchObject({
      amount: 0,
      lines: [{ sku: 'tea', quantity: 2, amount: 0 }],
    });
  });

  it('gives the remaining refund the sum of its lines after a refund by amount', () => {
    const { order, payment } = discountedPaidOrder();
    const byAmount = aRefund({ order, payment }, { amount: 900 }).payment;

    const { refund } = aRefund({ order, payment: byAmount }, 'remaining');

    expect(refund).toMatchObject({ amount: 2_100 });
    expect(refund.lines).toEqual([
      { sku: 'tea', quantity: 3, restock: true, amount: 2_100 },
      { sku: 'cup', quantity: 1, restock: true, amount: 0 },
    ]);
  });

  it('leaves nothing if a refund failed that had limited earlier lines', () => {
    const { order, payment } = discountedPaidOrder();
    const byAmount = aRefund({ order, payment }, { amount: 2_900 });
    const returned = aRefund(
      { order, payment: byAmount.payment },
      { lines: [refundLine('tea', 3)] },
    );
    const freed = applyRefundFailure(
      { ...byAmount, payment: returned.payment },
      refundFailure,
    ).payment;

    const { refund, payment: after } = aRefund({ order, payment: freed }, 'remaining');

    expect(refund).toMatchObject({
      amount: 2_900,
      lines: [{ sku: 'cup', quantity: 1, amount: 2_900 }],
    });
    expect(refundableAmount(after)).toBe(0);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'counts the units of a SKU named %s',
    (sku) => {
      const lines = [{ sku, quantity: 3, unitPrice: 1_000 }];
      const sale = aPaidOrder({ lines });
      const one = aRefund(sale, { lines: [refundLine(sku, 2)] }, 'rfd_1');

      expect(one.payment.refundedLines).toEqual([{ sku, quantity: 2, amount: 2_000 }]);
      expect(() =>
        aRefund({ ...sale, payment: one.payment }, { lines: [refundLine(sku, 2)] }),
      ).toThrow('refundable amount');
      const two = aRefund({ ...sale, payment: one.payment }, 'remaining');
      expect(two.refund).toMatchObject({ amount: 1_000, lines: [{ sku, quantity: 1 }] });
      expect(applyRefundFailure(two, refundFailure).payment.refundedLines).toEqual(
        one.payment.refundedLines,
      );
    },
  );

  it('allows an amount or the remaining amount if the order no longer exists', () => {
    const { payment } = discountedPaidOrder();
    const orphan = { order: undefined, payment };

    expect(aRefund(orphan, { amount: 100 }).refund).toMatchObject({ amount: 100, lines: [] });
    const { refund } = aRefund(orphan, 'remaining');
    expect(refund).toMatchObject({ amount: 3_000 });
    expect(refund.lines.reduce((sum, { amount }) => sum + amount, 0)).toBe(3_000);
    expect(() => aRefund(orphan, { lines: [refundLine('tea', 1)] })).toThrow(
      'order of this payment no longer exists',
    );
  });

  it.each<
    [string, () => ReturnType<typeof discountedPaidOrder>, RefundSelection, RejectionCode, object]
  >([
    [
      'a payment that is not completed',
      () => ({ ...discountedPaidOrder(), payment: aPayment() }),
      { amount: 1 },
      'payment-not-refundable',
      { detail: 'A payment that is PENDING cannot be refunded.' },
    ],
    [
      'a payment with the maximum number of versions',
      atMaxVersions as () => ReturnType<typeof discountedPaidOrder>,
      { amount: 1 },
      'payment-not-refundable',
      {},
    ],
    ['one won too many', discountedPaidOrder, { amount: 3_001 }, 'refund-exceeds-captured', {}],
    [
      'more than other refunds leave',
      almostRefunded,
      { amount: 101 },
      'refund-exceeds-captured',
      { detail: 'The refundable amount is 100 KRW.' },
    ],
    [
      'units that other refunds took, in any notation',
      partlyReturned,
      { lines: [refundLine('tea', 1), refundLine('tea', 1, false), refundLine('cup', 1)] },
      'refund-exceeds-captured',
      { errors: [{ sku: 'tea', detail: 'Only 1 of "tea" can be refunded.' }] },
    ],
    [
      'a SKU that was not sold',
      discountedPaidOrder,
      { lines: [refundLine('tea', 9), refundLine('hat', 1)] },
      'invalid-request',
      { errors: [{ sku: 'hat', detail: 'The order has no line "hat".' }] },
    ],
    [
      'a card number as SKU',
      discountedPaidOrder,
      { lines: [refundLine('4242424242424242', 1)] },
      'card-number-refused',
      {},
    ],
    [
      'a SKU named like a property of every object',
      discountedPaidOrder,
      { lines: [refundLine('constructor', 1)] },
      'invalid-request',
      {},
    ],
  ])('rejects %s', (_case, given, selection, code, data) => {
    expect(() => aRefund(given(), selection)).toThrow(
      expect.objectContaining({ data: expect.objectContaining({ code, ...data }) }),
    );
  });
});
