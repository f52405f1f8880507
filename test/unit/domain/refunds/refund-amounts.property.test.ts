import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import {
  gatewayRefundableAmount,
  refundableAmount,
} from '../../../../shared/domain/payments/refundable.ts';
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

/** Any payment with any actions on its refunds. */
const anyRefunded = anyPaidOrder.chain((one) =>
  anyRefundActions(one.order).map((actions) => ({ one, actions })),
);

/** Neither the gateway nor the balance gives back more than it has paid. */
const expectWithinTenders = (payment: Payment): void => {
  const { refunded, refundPending, gatewayRefunded = 0, gatewayRefundPending = 0 } = payment;
  const atGateway = gatewayRefundableAmount(payment);
  const parts = [
    gatewayRefunded,
    gatewayRefundPending,
    atGateway,
    refunded - gatewayRefunded,
    refundPending - gatewayRefundPending,
    refundableAmount(payment) - atGateway,
  ];
  expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
};

describe('refunds of a payment', () => {
  it('never sum to more than was captured', () => {
    fc.assert(
      fc.property(anyRefunded, ({ one, actions }) => {
        const sold = new Map(one.order.lines.map(({ sku, quantity }) => [sku, quantity]));

        const { payment, refunds } = applyRefundActions(one, actions, (after) => {
          expect(
            Math.min(after.refunded, after.refundPending, refundableAmount(after)),
          ).toBeGreaterThanOrEqual(0);
          expectWithinTenders(after);
          for (const { sku, quantity, amount } of after.refundedLines ?? []) {
            expect(quantity).toBeLessThanOrEqual(sold.get(sku) ?? 0);
            expect(Math.min(quantity, amount)).toBeGreaterThanOrEqual(0);
          }
        });

        const sumOf = (part: 'amount' | 'gatewayAmount', status: RefundStatus) =>
          sum(refunds.filter((refund) => refund.status === status).map((refund) => refund[part]));
        expect(sumOf('amount', 'SUCCEEDED')).toBe(payment.refunded);
        expect(sumOf('amount', 'REQUESTED')).toBe(payment.refundPending);
        expect(sumOf('gatewayAmount', 'SUCCEEDED')).toBe(payment.gatewayRefunded ?? 0);
        expect(sumOf('gatewayAmount', 'REQUESTED')).toBe(payment.gatewayRefundPending ?? 0);
      }),
    );
  });

  it('equal the sum of their lines if they have lines', () => {
    fc.assert(
      fc.property(anyRefunded, ({ one, actions }) => {
        for (const { amount, lines } of applyRefundActions(one, actions).refunds) {
          if (lines.length > 0) expect(sum(lines.map((line) => line.amount))).toBe(amount);
        }
      }),
    );
  });

  it('can refund every unit, whatever amount remains', () => {
    fc.assert(
      fc.property(anyRefunded, fc.boolean(), ({ one, actions }, isRest) => {
        const { payment } = applyRefundActions(one, actions);
        const remaining = one.order.lines
          .map(({ sku, quantity }) =>
            refundLine(sku, quantity - findRefundedLine(payment.refundedLines ?? [], sku).quantity),
          )
          .filter(({ quantity }) => quantity > 0);
        fc.pre(remaining.length > 0);

        const { refund } = aRefund(
          { ...one, payment },
          isRest ? 'remaining' : { lines: remaining },
        );

        expect(refund.lines).toMatchObject(remaining);
        expect(refund.amount).toBeLessThanOrEqual(refundableAmount(payment));
        if (isRest) expect(refund.amount).toBe(refundableAmount(payment));
      }),
    );
  });

  it('sum to the captured amount once all units are refunded', () => {
    const byLines = anyPaidOrder.chain((one) =>
      anyRefundActions(one.order, anyLines(one.order)).map((actions) => ({ one, actions })),
    );

    fc.assert(
      fc.property(byLines, ({ one, actions }) => {
        const partial = applyRefundActions(one, actions);
        const lines = one.order.lines
          .map(({ sku, quantity }) =>
            refundLine(
              sku,
              quantity - findRefundedLine(partial.payment.refundedLines ?? [], sku).quantity,
            ),
          )
          .filter(({ quantity }) => quantity > 0);

        const { payment } =
          lines.length > 0 ? aRefund({ ...one, payment: partial.payment }, { lines }) : partial;

        expect(refundableAmount(payment)).toBe(0);
      }),
    );
  });

  it('carry the remaining amount of the payment in the last one', () => {
    fc.assert(
      fc.property(anyRefunded, ({ one, actions }) => {
        const { payment, refunds } = applyRefundActions(one, actions);
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
