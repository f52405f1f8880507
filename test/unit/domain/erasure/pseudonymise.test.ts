import { describe, expect, it } from 'vitest';
import {
  pseudonymise,
  pseudonymisePayment,
  pseudonymiseRefund,
  pseudonymOf,
} from '../../../../shared/domain/erasure/pseudonymise.ts';
import { releaseCancelled } from '../../../../shared/domain/payments/hold-release.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { aPaidOrder, aRefund } from '../../../support/builders/refund-generators.ts';

const buyer = { userId: 'tea', pseudonym: 'erased_1' };

describe('pseudonymise', () => {
  it('replaces ids, targets of the balance, and words of texts at any depth', () => {
    const item = {
      userId: 'tea',
      skipped: [{ target: 'BALANCE#tea' }, { target: 'STOCK#tea' }],
      history: [{ detail: 'not booked: BALANCE#tea (target-missing); tea, tea-time' }],
      failure: { evidence: 'not compensated: BALANCE#tea', reason: 'tea called' },
    };

    expect(pseudonymise(item, buyer)).toEqual({
      userId: 'erased_1',
      skipped: [{ target: 'BALANCE#erased_1' }, { target: 'STOCK#tea' }],
      history: [{ detail: 'not booked: BALANCE#erased_1 (target-missing); erased_1, tea-time' }],
      failure: { evidence: 'not compensated: BALANCE#erased_1', reason: 'erased_1 called' },
    });
  });

  it('leaves other buyers, products and numbers', () => {
    const item = { userId: 'bob', lines: [{ sku: 'tea', quantity: 2 }], couponId: 'tea', at: null };

    expect(pseudonymise(item, buyer)).toEqual(item);
  });

  it('takes an id with characters of a regular expression', () => {
    const odd = { userId: 'auth0|a.b+c', pseudonym: 'erased_1' };

    expect(pseudonymise({ reason: 'auth0|a.b+c, auth0|aXb+c' }, odd)).toEqual({
      reason: 'erased_1, auth0|aXb+c',
    });
  });

  it('removes what only the buyer of a payment needs or has written', () => {
    const payment = {
      ...aPayment({ userId: 'tea', returnUrl: 'https://shop.example/s', cancelReason: 'too late' }),
      action: { url: 'https://bank.example', expiresAt: '2026-03-14T12:00:00.000Z' },
      history: [
        {
          ...{ version: 1, at: '2026-03-14T12:00:00.000Z', to: 'FAILED' as const, by: 'test' },
          detail: 'cancelled by the buyer: too late\nfor me',
        },
      ],
    };

    const erased = pseudonymisePayment(payment, buyer);

    expect(erased).not.toHaveProperty('returnUrl');
    expect(erased).not.toHaveProperty('action');
    expect(erased).not.toHaveProperty('cancelReason');
    expect(erased.history[0]?.detail).toBe('cancelled by the buyer');
    expect(erased.paymentMethod).toBe(payment.paymentMethod);
  });

  it("leaves nothing of a buyer's reason as a cancellation stores it", () => {
    const cancelled = releaseCancelled(aPayment(), noon, 'cancel-payment', 'too late\nfor me');
    expect(JSON.stringify(cancelled)).toMatch(/too late.*for me/);

    expect(JSON.stringify(pseudonymisePayment(cancelled, buyer))).not.toMatch(/too late|for me/);
  });

  it("keeps the reason of an operator's refund, and removes that of the buyer", () => {
    const { refund } = aRefund(aPaidOrder({ userId: 'tea' }), { amount: 100 });
    const requestedBy = { sub: 'olivia', scope: 'aftercommit/support' };

    expect(pseudonymiseRefund(refund, buyer)).toMatchObject({
      userId: 'erased_1',
      reason: 'removed at the erasure of the buyer',
    });
    expect(pseudonymiseRefund({ ...refund, requestedBy }, buyer)).toMatchObject({
      reason: 'broken',
    });
  });

  it('makes a pseudonym of a random id', () => {
    expect(pseudonymOf('0af76519-16cd-43dd-8448-eb211c80319c')).toBe(
      'erased_0af7651916cd43dd8448eb211c80319c',
    );
  });
});
