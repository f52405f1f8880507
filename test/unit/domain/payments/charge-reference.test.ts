import { describe, expect, it } from 'vitest';
import { derivePaymentId } from '../../../../shared/domain/ids.ts';
import {
  chargeReferenceOf,
  gatewayReferenceOf,
  paymentIdOfReference,
} from '../../../../shared/domain/payments/charge-reference.ts';
import { aPayment } from '../../../support/builders/builders.ts';

const paymentId = derivePaymentId('alice', 'payment-1');

describe('reference of a charge at the gateway', () => {
  it.each([
    [0, paymentId],
    [1, paymentId],
    [2, `${paymentId}-2`],
    [5, `${paymentId}-5`],
  ])('names attempt %i, and leads back to the payment', (attempt, reference) => {
    expect(gatewayReferenceOf({ paymentId, attempt })).toBe(reference);
    expect(paymentIdOfReference(reference)).toBe(paymentId);
  });

  it('has the form of an orderId of Toss: 6 to 64 letters, digits, -, _ and =', () => {
    expect(gatewayReferenceOf({ paymentId, attempt: 5 })).toMatch(/^[\w=-]{6,64}$/);
  });
});

describe('charge of a payment', () => {
  it('names the token of the buyer, if the payment has one', () => {
    const payment = aPayment({ paymentMethod: 'tgen_1' });
    const { paymentMethod: _none, ...withoutMethod } = payment;

    expect(chargeReferenceOf(payment)).toMatchObject({ paymentMethod: 'tgen_1' });
    expect(chargeReferenceOf(withoutMethod)).not.toHaveProperty('paymentMethod');
  });
});
