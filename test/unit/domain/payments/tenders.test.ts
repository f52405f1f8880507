import { describe, expect, it } from 'vitest';
import {
  balanceAmountOf,
  balanceRefundedOf,
  describeTenders,
  gatewayRemainderOf,
} from '../../../../shared/domain/payments/tenders.ts';
import { anOrder, aPayment } from '../../../support/builders/builders.ts';

describe('tenders of a payment', () => {
  it.each([
    [0, '5000 KRW by the gateway'],
    [2_000, '2000 KRW from the balance, 3000 KRW by the gateway'],
    [5_000, '5000 KRW from the balance'],
  ])('are described without the part that is 0: %i from the balance', (balanceAmount, text) => {
    const payment = aPayment({ balanceAmount });

    expect(balanceAmountOf(payment)).toBe(balanceAmount);
    expect(describeTenders(payment)).toBe(text);
  });

  it('are nothing if the coupon covers the total', () => {
    expect(describeTenders(aPayment({ order: anOrder({ discount: 5_000 }) }))).toBe(
      'nothing to pay',
    );
  });

  it('get back their own parts of the refunds', () => {
    const payment = { ...aPayment(), refunded: 3_500, gatewayRefunded: 2_500 };

    expect(balanceRefundedOf(payment)).toBe(1_000);
    expect(gatewayRemainderOf(payment)).toBe(500);
    expect(gatewayRemainderOf(aPayment())).toBe(3_000);
  });
});
