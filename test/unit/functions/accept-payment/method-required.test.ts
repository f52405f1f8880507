import { describe, expect, it } from 'vitest';
import { transitionPayment } from '../../../../shared/domain/payments/payment-transitions.ts';
import { noon } from '../../../support/builders/builders.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import { createAcceptHarness, holdExpiryMs } from './harness.ts';

const returnUrl = 'https://shop.example/paid';
const request = { key: 'k-1', orderId: 'ord_0', balanceAmount: 1_000, returnUrl };
const holdEnd = new Date(noon.getTime() + holdExpiryMs).toISOString();

describe('accept payment without a payment method', () => {
  it('holds and reserves everything, and waits for one until the hold ends', async () => {
    const commands: unknown[] = [];
    const harness = createAcceptHarness({ turn: async () => commands.push('a command') });

    const reply = await harness.environment()(request);

    const [payment] = harness.payments();
    expect(commands).toHaveLength(2);
    expect(payment).toMatchObject({
      status: 'REQUIRES_METHOD',
      amount: 2_500,
      gatewayAmount: 1_500,
      attempt: 0,
      dueAt: holdEnd,
      returnUrl,
      reservation: { balance: 1_000, lines: [{ sku: 'tea', quantity: 1 }] },
    });
    expect(payment).not.toHaveProperty('paymentMethod');
    expect(payment).not.toHaveProperty('onDecline');
    expect(harness.balance()).toMatchObject({ available: 9_000, held: 1_000 });
    expect(harness.product()).toMatchObject({ reserved: 1 });
    expect(harness.orders()[0]).toMatchObject({ status: 'PAYING' });
    expect(reply).toMatchObject({
      status: 202,
      body: {
        status: 'REQUIRES_ACTION',
        nextAction: {
          type: 'provide-payment-method',
          gateway: 'simulator',
          reference: payment?.paymentId,
          amount: 1_500,
          currency: 'KRW',
          url: expect.stringContaining(`returnUrl=${encodeURIComponent(returnUrl)}`),
          expiresAt: holdEnd,
        },
      },
    });
  });

  it('returns the same response after the payment has moved on, from any process', async () => {
    const harness = createAcceptHarness();
    const here = harness.environment();
    const first = await here(request);
    const [payment] = harness.payments();
    if (payment === undefined) throw new Error('No payment is stored.');
    const moved = transitionPayment(payment, 'confirmed', {
      at: later(5),
      by: 'confirm-payment',
      change: { attempt: 2, returnUrl: 'https://shop.example/elsewhere' },
    });
    harness.tables.put('Payments', moved);

    const again = [await here(request), await harness.environment()(request)];

    expect(again).toEqual([1, 2].map(() => ({ ...first, isReplay: true })));
  });

  it.each([
    ['without anything for the gateway', { balanceAmount: 2_500 }],
    ['with a payment method', { balanceAmount: 1_000, paymentMethod: 'sim_approve' }],
  ])('is RESERVED and has no next action %s', async (_how, fields) => {
    const harness = createAcceptHarness();

    const { body } = await harness.environment()({ key: 'k-1', orderId: 'ord_0', ...fields });

    expect(body).toMatchObject({ status: 'PENDING' });
    expect(body).not.toHaveProperty('nextAction');
    expect(harness.payments()).toMatchObject([{ status: 'RESERVED' }]);
  });

  it('stores whether a declined payment is kept', async () => {
    for (const [onDecline, stored] of [
      ['keep', { onDecline: 'keep' }],
      ['cancel', {}],
    ] as const) {
      const harness = createAcceptHarness();
      await harness.environment()({ ...request, onDecline });

      expect(
        harness.payments().map(({ onDecline }) => ({ ...(onDecline && { onDecline }) })),
      ).toEqual([stored]);
    }
  });
});

describe('accept payment with an invalid request', () => {
  it.each([
    [{ returnUrl: 'https://elsewhere.example/paid' }, 422, 'return-url-not-allowed', '/returnUrl'],
    [{ returnUrl: 'shop://paid' }, 400, 'invalid-request', '/returnUrl'],
    [
      { returnUrl: `https://shop.example/${'x'.repeat(1_000)}` },
      400,
      'invalid-request',
      '/returnUrl',
    ],
    [{ onDecline: 'retry' }, 400, 'invalid-request', '/onDecline'],
    [{ paymentMethod: '4242 4242 4242 4242' }, 422, 'card-number-refused', '/paymentMethod'],
    [{ paymentMethod: 'pm_1' }, 400, 'invalid-request', '/paymentMethod'],
  ])('rejects %j with the field, and stores nothing', async (fields, status, code, pointer) => {
    const harness = createAcceptHarness();

    const reply = await harness.environment()({ ...request, ...fields });

    expect(reply).toMatchObject({ status, body: { code, errors: [{ pointer }] } });
    expect(harness.payments()).toEqual([]);
  });
});
