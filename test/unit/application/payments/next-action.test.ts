import { describe, expect, it } from 'vitest';
import { nextActionOf } from '../../../../shared/application/payments/next-action.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { paymentTransitions } from '../../../../shared/domain/payments/payment-transition-table.ts';
import type { Checkout } from '../../../../shared/gateway/checkout.ts';
import { aPayment } from '../../../support/builders/builders.ts';
import { later } from '../../../support/builders/refund-generators.ts';

const payment = aPayment({ paymentId: 'pay_1' });
const actionOf = (given: Partial<Payment>, checkout: Checkout) =>
  nextActionOf({ ...payment, ...given }, { checkout, timings: { holdExpiryMs: 60_000 } });

const simulator = { gateway: 'simulator', url: 'http://pg.example/window' } as const;
const toss = { gateway: 'toss', clientKey: 'test_ck_1' } as const;
const waiting = { status: 'REQUIRES_METHOD' } as const;

describe('the next action of a payment without a payment method', () => {
  it('opens the window with the reference and the amount of the charge, until the hold ends', () => {
    const returnUrl = 'https://shop.example/paid?order=1';

    expect(actionOf({ ...waiting, returnUrl }, simulator)).toEqual({
      type: 'provide-payment-method',
      gateway: 'simulator',
      url: `http://pg.example/window?reference=pay_1&amount=3000&currency=KRW&returnUrl=${encodeURIComponent(returnUrl)}`,
      reference: 'pay_1',
      amount: 3_000,
      currency: 'KRW',
      expiresAt: later(60).toISOString(),
    });
  });

  it('has the publishable key of a gateway with a script, and no page', () => {
    expect(actionOf(waiting, toss)).toEqual({
      type: 'provide-payment-method',
      ...toss,
      reference: 'pay_1',
      amount: 3_000,
      currency: 'KRW',
      expiresAt: later(60).toISOString(),
    });
  });

  it.each([
    [0, 'pay_1'],
    [1, 'pay_1'],
    [2, 'pay_1-2'],
    [5, 'pay_1-5'],
  ])('names attempt %i as %s', (attempt, reference) => {
    expect(actionOf({ ...waiting, attempt }, simulator)).toMatchObject({
      reference,
      url: `http://pg.example/window?reference=${reference}&amount=3000&currency=KRW`,
    });
  });
});

it('the next action of a payment that waits at the gateway is a redirect, without its transaction', () => {
  const action = {
    url: 'https://bank.example/3ds',
    expiresAt: '2026-11-23T12:05:00.000Z',
    transactionId: 'txn_1',
  };

  expect(actionOf({ status: 'REQUIRES_ACTION', action }, toss)).toEqual({
    type: 'redirect',
    url: 'https://bank.example/3ds',
    expiresAt: '2026-11-23T12:05:00.000Z',
  });
});

it('a payment that was cancelled while it waits at the gateway has no next action', () => {
  const action = { url: 'https://bank.example/3ds', expiresAt: later(60).toISOString() };
  const cancelRequestedAt = later(1).toISOString();

  expect(actionOf({ status: 'REQUIRES_ACTION', action, cancelRequestedAt }, toss)).toBeUndefined();
});

it('a payment in any other status has no next action', () => {
  const statuses = new Set(Object.values(paymentTransitions).map(({ to }) => to));
  for (const status of statuses) {
    if (status === 'REQUIRES_METHOD') continue;
    expect(actionOf({ status }, simulator), status).toBeUndefined();
  }
});
