import { describe, expect, it } from 'vitest';
import { listen } from '../../../../dev/local/http-server.ts';
import { jsonReply } from '../../../../shared/simulators/plain-http.ts';
import { intentFromForm, waitingIntent } from '../../../support/fakes/stripe/intent-states.ts';
import {
  challengedCharge,
  charge,
  createStripeHarness,
  order,
  stripeGatewayAt,
} from './harness.ts';

const refused = {
  outcome: 'declined',
  code: 'payment_intent_authentication_failure',
  buyerCode: 'authentication-failed',
};

/** A harness with a charge that waits for its buyer. */
const openWaiting = async (options: Parameters<typeof createStripeHarness>[0] = {}) => {
  const harness = await createStripeHarness(options);
  const waiting = await harness.gateway.charge(challengedCharge);
  if (waiting.outcome !== 'requires-action') throw new Error(`The charge is ${waiting.outcome}.`);
  const { url, transactionId } = waiting;
  harness.takeRequests();

  return {
    ...harness,
    waiting,
    byId: { ...order, ...(transactionId !== undefined && { transactionId }) },
    decide: (decision: 'approve' | 'decline') => harness.stripe.challenges.decide(url, decision),
  };
};

describe('Stripe adapter: challenges', () => {
  it('captures without the buyer if the bank asks for nothing', async () => {
    const { gateway, takeRequests, close } = await createStripeHarness();

    expect(
      await gateway.charge({ ...challengedCharge, paymentMethod: 'pm_card_threeDSecureOptional' }),
    ).toMatchObject({ outcome: 'approved' });
    expect(takeRequests()).toEqual(['POST /v1/payment_intents']);
    await close();
  });

  it('captures after the buyer approves, and sends the buyer back', async () => {
    const { gateway, waiting, intent, byId, decide, eventTypes, readState, close } =
      await openWaiting();

    const back = new URL(decide('approve'));

    expect(back.origin + back.pathname).toBe(challengedCharge.returnUrl);
    expect(back.searchParams.get('payment_intent')).toBe(waiting.transactionId);
    expect(waiting).toEqual({
      outcome: 'requires-action',
      url: `https://hooks.stripe.com/3d_secure_2/hosted?payment_intent=${intent().id}`,
      transactionId: intent().id,
    });
    expect(await gateway.inquire(byId)).toMatchObject({ outcome: 'approved', captured: 4_000 });
    expect(eventTypes()).toEqual(['payment_intent.requires_action', 'payment_intent.succeeded']);
    expect(readState().captured).toEqual([4_000]);
    await close();
  });

  it('cancels a refused challenge before it returns the decline', async () => {
    const { gateway, intent, byId, decide, eventTypes, takeRequests, close } = await openWaiting();
    decide('decline');

    expect(await gateway.inquire(byId)).toMatchObject(refused);
    expect(intent().status).toBe('canceled');
    expect(takeRequests()).toEqual([
      'GET /v1/payment_intents/pi',
      'POST /v1/payment_intents/pi/cancel',
    ]);
    expect(eventTypes()).toEqual([
      'payment_intent.requires_action',
      'payment_intent.payment_failed',
      'payment_intent.canceled',
    ]);
    const later = await gateway.inquire(byId);
    expect(later).toMatchObject(refused);
    expect(later).not.toHaveProperty('isCancelled');
    expect(takeRequests()).toEqual(['GET /v1/payment_intents/pi']);
    await close();
  });

  it.each([
    ['pm_card_authenticationRequiredChargeDeclinedInsufficientFunds', 'insufficient-funds'],
    ['pm_card_threeDSecureRequiredChargeDeclined', 'card-declined'],
  ])('returns the decline of %s after its approval, as %s', async (paymentMethod, buyerCode) => {
    const { gateway, intent, stripe, close } = await createStripeHarness();
    const waiting = await gateway.charge({ ...challengedCharge, paymentMethod });
    if (waiting.outcome === 'requires-action') stripe.challenges.decide(waiting.url, 'approve');

    expect(await gateway.inquire(order)).toMatchObject({ outcome: 'declined', buyerCode });
    expect(intent().status).toBe('canceled');
    await close();
  });

  it('returns ambiguous while the buyer confirms a refused challenge again', async () => {
    const { gateway, stripe, decide, byId, timers, intent, close } = await openWaiting({
      delays: { slowMs: 1, inProgressMs: 9_000, lateMs: 1 },
    });
    decide('decline');
    const stale = await listen(async (request) => {
      const response = await stripe.server(request);
      // The buyer's browser confirms between our two requests.
      if (request.method === 'GET')
        stripe.intents.confirmAgain(
          intent().id,
          new URLSearchParams({
            payment_method: 'pm_processing',
            return_url: 'https://shop.example',
          }),
          'of-the-buyer',
        );

      return response;
    });
    const racing = stripeGatewayAt(stale.url, timers);

    expect(await racing.inquire(byId)).toEqual({
      outcome: 'ambiguous',
      reason: `PaymentIntent ${intent().id} failed, and its cancellation is in-progress`,
    });
    timers.advance(9_000);
    expect(await gateway.inquire(byId)).toMatchObject({ outcome: 'approved', captured: 4_000 });
    await Promise.all([stale.close(), close()]);
  });

  it('cancels an abandoned challenge: it can never be approved', async () => {
    const { gateway, intent, byId, decide, readState, close } = await openWaiting();

    expect(await gateway.inquire(byId)).toMatchObject({ outcome: 'requires-action' });
    expect(await gateway.cancel(byId)).toEqual({ outcome: 'cancelled' });
    decide('approve');

    expect(intent().status).toBe('canceled');
    expect(await gateway.cancel(byId)).toEqual({ outcome: 'cancelled' });
    expect(await gateway.inquire(byId)).toMatchObject({
      outcome: 'declined',
      code: 'canceled',
      isCancelled: true,
    });
    expect(readState().captured).toEqual([]);
    await close();
  });

  it('returns already-captured if the buyer approves before the cancellation', async () => {
    const { gateway, intent, decide, takeRequests, timers, readState, close } = await openWaiting({
      searchLagMs: 60_000,
    });
    timers.advance(60_000);
    decide('approve');

    // The search still shows the intent as waiting, so Stripe itself refuses the cancellation.
    expect(await gateway.cancel(order)).toEqual({
      outcome: 'already-captured',
      transactionId: intent().id,
    });
    expect(takeRequests()).toEqual([
      'GET /v1/payment_intents/search',
      'POST /v1/payment_intents/pi/cancel',
    ]);
    expect(readState()).toMatchObject({ captured: [4_000], refunded: [] });
    await close();
  });

  it('returns the current state for the same key, not the first response', async () => {
    const { gateway, decide, waiting, readState, close } = await openWaiting();

    expect(await gateway.charge(challengedCharge)).toEqual(waiting);
    decide('approve');

    expect(await gateway.charge(challengedCharge)).toMatchObject({ outcome: 'approved' });
    expect(readState()).toMatchObject({ requests: 1, captured: [4_000] });
    await close();
  });

  it('returns the first response if the current state cannot be read', async () => {
    const { stripe, timers, close } = await createStripeHarness();
    const writeOnly = await listen((request) =>
      request.method === 'GET'
        ? Promise.resolve(jsonReply(500, { error: { type: 'api_error' } }))
        : stripe.server(request),
    );
    const gateway = stripeGatewayAt(writeOnly.url, timers);

    expect(await gateway.charge(challengedCharge)).toMatchObject({ outcome: 'requires-action' });
    await Promise.all([writeOnly.close(), close()]);
  });

  it('declines a challenge without a return URL: the buyer cannot be sent anywhere', async () => {
    const { gateway, intent, takeRequests, close } = await createStripeHarness();
    const { paymentMethod } = challengedCharge;

    expect(await gateway.charge({ ...charge, paymentMethod })).toMatchObject({
      outcome: 'declined',
      code: 'authentication_required',
      buyerCode: 'authentication-failed',
    });
    expect(await gateway.inquire(order)).toMatchObject({ code: 'authentication_required' });
    // No browser has its client secret: it need not be cancelled.
    expect(intent().status).toBe('requires_payment_method');
    expect(takeRequests()).not.toContain('POST /v1/payment_intents/pi/cancel');
    await close();
  });

  it('finds the charge of a later attempt by its exact reference', async () => {
    const { gateway, stripe, close } = await createStripeHarness();
    const [first, second] = ['pay-1', 'pay-1-2'].map((reference, index) => ({
      ...challengedCharge,
      reference,
      key: `chg:pay-1:${index + 1}`,
    }));
    if (!first || !second) throw new Error('Two attempts.');
    const waiting = await gateway.charge(first);
    if (waiting.outcome === 'requires-action') stripe.challenges.decide(waiting.url, 'decline');

    expect(await gateway.inquire(second)).toEqual({ outcome: 'not-found' });
    await gateway.charge({ ...second, paymentMethod: 'pm_card_visa' });
    expect(await gateway.inquire(first)).toMatchObject(refused);
    expect(await gateway.inquire(second)).toMatchObject({ outcome: 'approved' });
    await close();
  });

  it.each([
    [
      'Stripe.js alone',
      { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect' } },
    ],
    ['a voucher', { type: 'konbini_display_details', konbini_display_details: {} }],
    ['an address that is not a page', { redirect_to_url: { url: 'javascript:alert(1)' } }],
    ['nothing', null],
  ])('cancels and declines a charge that asks for %s', async (_what, next_action) => {
    const form = new URLSearchParams({ 'metadata[reference]': 'pay-1', currency: 'krw' });
    const waiting = { ...waitingIntent(intentFromForm(form, 0)), next_action };
    const requests: string[] = [];
    const stripe = await listen(async ({ method, path }) => {
      requests.push(`${method} ${path}`);

      return jsonReply(
        200,
        path.endsWith('/cancel') ? { ...waiting, status: 'canceled' } : waiting,
      );
    });
    const gateway = stripeGatewayAt(stripe.url);

    expect(await gateway.charge(challengedCharge)).toMatchObject({
      outcome: 'declined',
      code: 'action_not_supported',
      buyerCode: 'method-not-supported',
    });
    expect(requests.at(-1)).toBe('POST /v1/payment_intents/pi_1/cancel');
    await stripe.close();
  });
});
