import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refundableAmount } from '../../../../shared/domain/payments/refundable.ts';
import { findRefundedLine } from '../../../../shared/domain/payments/refunded-lines.ts';
import type { RefundStatus } from '../../../../shared/domain/refunds/refund.ts';
import {
  anyLines,
  anyPaidOrder,
  anyRefundActions,
  applyRefundActions,
  aRefund,
} from '../../../support/builders/refund-generators.ts';
import { refundLine } from './fixtures.ts';

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);

/** Any payment and whatever befell its refunds. */
const anyRefunded = anyPaidOrder.chain((one) =>
  anyRefundActions(one.order).map((befallings) => ({ one, befallings })),
);

describe('a refund', () => {
  it('takes together with all others never more than was captured, whatever became of them', () => {
    fc.assert(
      fc.property(anyRefunded, ({ one, befallings }) => {
        const sold = new Map(one.order.lines.map(({ sku, quantity }) => [sku, quantity]));

        const { payment, refunds } = applyRefundActions(one, befallings, (after) => {
          expect(
            Math.min(after.refunded, after.refundPending, refundableAmount(after)),
          ).toBeGreaterThanOrEqual(0);
          for (const { sku, quantity, amount } of after.refundedLines ?? []) {
            expect(quantity).toBeLessThanOrEqual(sold.get(sku) ?? 0);
            expect(Math.min(quantity, amount)).toBeGreaterThanOrEqual(0);
          }
        });

        const inState = (status: RefundStatus) =>
          sum(refunds.filter((refund) => refund.status === status).map(({ amount }) => amount));
        expect(inState('SUCCEEDED')).toBe(payment.refunded);
        expect(inState('REQUESTED')).toBe(payment.refundPending);
      }),
    );
  });

  it('that names lines is exactly what its lines are, whatever befell the others', () => {
    fc.assert(
      fc.property(anyRefunded, ({ one, befallings }) => {
        for (const { amount, lines } of applyRefundActions(one, befallings).refunds) {
          if (lines.length > 0) expect(sum(lines.map((line) => line.amount))).toBe(amount);
        }
      }),
    );
  });

  it('takes back every unit, whatever money is left', () => {
    fc.assert(
      fc.property(anyRefunded, fc.boolean(), ({ one, befallings }, isRest) => {
        const { payment } = applyRefundActions(one, befallings);
        const left = one.order.lines
          .map(({ sku, quantity }) =>
            refundLine(sku, quantity - findRefundedLine(payment.refundedLines ?? [], sku).quantity),
          )
          .filter(({ quantity }) => quantity > 0);
        fc.pre(left.length > 0);

        const { refund } = aRefund({ ...one, payment }, isRest ? 'rest' : { lines: left });

        expect(refund.lines).toMatchObject(left);
        expect(refund.amount).toBeLessThanOrEqual(refundableAmount(payment));
        if (isRest) expect(refund.amount).toBe(refundableAmount(payment));
      }),
    );
  });

  it('of all units, taken apart in any way, is exactly what was paid', () => {
    const byLines = anyPaidOrder.chain((one) =>
      anyRefundActions(one.order, anyLines(one.order)).map((befallings) => ({ one, befallings })),
    );

    fc.assert(
      fc.property(byLines, ({ one, befallings }) => {
        const some = applyRefundActions(one, befallings);
        const lines = one.order.lines
          .map(({ sku, quantity }) =>
            refundLine(
              sku,
              quantity - findRefundedLine(some.payment.refundedLines ?? [], sku).quantity,
            ),
          )
          .filter(({ quantity }) => quantity > 0);

        const { payment } =
          lines.length > 0 ? aRefund({ ...one, payment: some.payment }, { lines }) : some;

        expect(refundableAmount(payment)).toBe(0);
      }),
    );
  });

  it('is told of by the payment of which it is the last', () => {
    fc.assert(
      fc.property(anyRefunded, ({ one, befallings }) => {
        const { payment, refunds } = applyRefundActions(one, befallings);
        const succeeded = refunds.filter(({ status }) => status === 'SUCCEEDED');
        const last = Math.max(0, ...succeeded.map(({ paymentVersion = 0 }) => paymentVersion));

        expect(
          succeeded.find(({ paymentVersion }) => paymentVersion === last)?.remainingAmount ??
            payment.amount,
        ).toBe(payment.amount - payment.refunded);
        expect(new Set(succeeded.map(({ paymentVersion }) => paymentVersion)).size).toBe(
          succeeded.length,
        );
      }),
    );
  });
});
