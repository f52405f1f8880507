import { describe, expect, it } from 'vitest';
import { createManualTimers } from '../../../../shared/gateway/conformance/manual-timers.ts';
import { createStripeGateway } from '../../../../shared/gateway/stripe/adapter.ts';
import { noon } from '../../../support/builders/builders.ts';
import { sendToPlainServer } from '../../../support/fakes/plain-exchange.ts';
import { createStripeServer } from '../../../support/fakes/stripe/server.ts';
import { actionExpiryMs, createPaymentHarness } from '../../../support/harness/payment-harness.ts';
import { paymentId, tenders } from '../../../support/harness/tea-order.ts';

/** Alice has paid at Stripe's contract server, by default with a card that asks for 3-D Secure. */
const aChallenge = async (paymentMethod = 'pm_card_authenticationRequired') => {
  const timers = createManualTimers(noon.getTime());
  const stripe = createStripeServer({ clock: timers });
  const gateway = createStripeGateway({
    url: 'http://stripe.test',
    secretKey: 'sk_test_123',
    timeoutMs: 8_000,
    timers,
    exchange: sendToPlainServer(stripe.server),
  });
  const harness = createPaymentHarness({ turn: async () => {}, gateway, timers, paymentMethod });
  await harness.accept();
  await harness.charge();

  return {
    ...harness,
    decide: (decision: 'approve' | 'decline') =>
      stripe.challenges.decide(`${harness.payment().action?.url}`, decision),
    atStripe: () => {
      const { captured, refunded } = stripe.stateOf(paymentId);

      return { captured, refunded };
    },
    intentStatus: () => stripe.intents.of(paymentId)[0]?.states.at(-1)?.intent.status,
  };
};

const captured = { captured: [tenders.gateway], refunded: [] };
const nothing = { captured: [], refunded: [] };
const released = { order: 'CANCELLED', available: tenders.balance, stock: 2 };

describe('payment with 3-D Secure at Stripe', () => {
  it('is captured immediately if the bank asks for nothing', async () => {
    const { payment, atStripe } = await aChallenge('pm_card_threeDSecureOptional');

    expect(payment().status).toBe('COMPLETED');
    expect(atStripe()).toEqual(captured);
  });

  it('is completed after the buyer approves', async () => {
    const { payment, request, decide, atStripe } = await aChallenge();
    expect(payment()).toMatchObject({
      status: 'REQUIRES_ACTION',
      action: { url: expect.stringMatching(/^https:\/\/hooks\.stripe\.com\//) },
    });

    decide('approve');
    await request('webhook');

    expect(payment().status).toBe('COMPLETED');
    expect(atStripe()).toEqual(captured);
  });

  it('fails after the buyer refuses, and everything is back', async () => {
    const { payment, request, decide, deliverAll, end, atStripe } = await aChallenge();

    decide('decline');
    await request('webhook');
    expect(payment()).toMatchObject({ failure: { code: 'authentication-failed' } });

    await deliverAll();
    expect(end()).toEqual({ payment: 'COMPENSATED', ...released });
    expect(atStripe()).toEqual(nothing);
  });

  it('is cancelled at Stripe if the buyer abandons it, and everything is back', async () => {
    const { payment, pass, inquire, deliverAll, end, atStripe, intentStatus } = await aChallenge();

    pass(actionExpiryMs);
    await inquire().catch(() => {});
    expect(payment()).toMatchObject({ failure: { code: 'authentication-expired' } });
    expect(intentStatus()).toBe('canceled');

    await deliverAll();
    expect(end()).toEqual({ payment: 'COMPENSATED', ...released });
    expect(atStripe()).toEqual(nothing);
  });

  it('is completed if the buyer approves after the limit, but before the cancellation', async () => {
    const { payment, pass, inquire, decide, atStripe } = await aChallenge();

    pass(actionExpiryMs);
    decide('approve');
    await inquire();

    expect(payment().status).toBe('COMPLETED');
    expect(atStripe()).toEqual(captured);
  });
});
