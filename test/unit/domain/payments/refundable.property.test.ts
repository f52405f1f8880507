import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  gatewayRefundableAmount,
  refundableAmount,
  splitRefund,
} from '../../../../shared/domain/payments/refundable.ts';

const anyPart = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 2 ** 50 }));

/** What one tender has paid, and what refunds took of it or set aside. */
const anyTender = fc.tuple(anyPart, anyPart, anyPart).map(([refunded, refundPending, rest]) => ({
  amount: refunded + refundPending + rest,
  refunded,
  refundPending,
  rest,
}));

const anyRefund = fc.tuple(anyTender, anyTender).chain(([gateway, balance]) =>
  fc.record({
    payment: fc.constant({
      amount: gateway.amount + balance.amount,
      gatewayAmount: gateway.amount,
      refunded: gateway.refunded + balance.refunded,
      gatewayRefunded: gateway.refunded,
      refundPending: gateway.refundPending + balance.refundPending,
      gatewayRefundPending: gateway.refundPending,
    }),
    remaining: fc.constant({ gateway: gateway.rest, balance: balance.rest }),
    amount: fc.integer({ min: 0, max: gateway.rest + balance.rest }),
    balanceFirst: fc.boolean(),
  }),
);

describe('split a refund', () => {
  it('gives two parts that sum to the amount and exceed neither tender', () => {
    fc.assert(
      fc.property(anyRefund, ({ payment, remaining, amount, balanceFirst }) => {
        const { gatewayAmount, balanceAmount } = splitRefund(payment, amount, { balanceFirst });

        expect(gatewayAmount + balanceAmount).toBe(amount);
        expect(Math.min(gatewayAmount, balanceAmount)).toBeGreaterThanOrEqual(0);
        expect(gatewayAmount).toBeLessThanOrEqual(remaining.gateway);
        expect(balanceAmount).toBeLessThanOrEqual(remaining.balance);
      }),
    );
  });

  it('takes from the second tender only if the first one is used up', () => {
    fc.assert(
      fc.property(anyRefund, ({ payment, remaining, amount, balanceFirst }) => {
        const { gatewayAmount, balanceAmount } = splitRefund(payment, amount, { balanceFirst });

        if (balanceFirst && gatewayAmount > 0) expect(balanceAmount).toBe(remaining.balance);
        if (!balanceFirst && balanceAmount > 0) expect(gatewayAmount).toBe(remaining.gateway);
      }),
    );
  });

  it('splits the whole refundable amount alike in both orders', () => {
    fc.assert(
      fc.property(anyRefund, ({ payment, remaining, balanceFirst }) => {
        expect(splitRefund(payment, refundableAmount(payment), { balanceFirst })).toEqual({
          gatewayAmount: remaining.gateway,
          balanceAmount: remaining.balance,
        });
        expect(gatewayRefundableAmount(payment)).toBe(remaining.gateway);
      }),
    );
  });

  it.each([
    ['7,000 to the card, then 1,000 to the balance', 8_000, false, 7_000, 1_000],
    ['5,000 to the balance, then 3,000 to the card', 8_000, true, 3_000, 5_000],
    ['all of it to the card', 7_000, false, 7_000, 0],
    ['all of it to the balance', 5_000, true, 0, 5_000],
  ])(
    'of 12,000 with 7,000 by card: %s',
    (_what, amount, balanceFirst, gatewayAmount, balanceAmount) => {
      const payment = { amount: 12_000, gatewayAmount: 7_000, refunded: 0, refundPending: 0 };

      expect(splitRefund(payment, amount, { balanceFirst })).toEqual({
        gatewayAmount,
        balanceAmount,
      });
    },
  );

  it.each([-1, 12_001])('throws for %s of 12,000', (amount) => {
    const payment = { amount: 12_000, gatewayAmount: 7_000, refunded: 0, refundPending: 0 };

    expect(() => splitRefund(payment, amount)).toThrow(RangeError);
  });
});
