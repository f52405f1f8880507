import { describe, expect, it } from 'vitest';
import { createManualTimers } from '../../../../shared/gateway/conformance/manual-timers.ts';
import { createStripeServer } from '../../../support/fakes/stripe/server.ts';
import { stripeTestCards } from '../../../support/fakes/stripe/test-cards.ts';
import { challengedCharge, charge, createStripeHarness, order } from './harness.ts';

/** The contract server, without the adapter. */
const openServer = () => {
  const timers = createManualTimers();
  const stripe = createStripeServer({ clock: timers });
  const post = async (path: string, form: Record<string, string>, key?: string) => {
    const response = await stripe.server({
      method: 'POST',
      path: `/v1/payment_intents${path}`,
      query: {},
      headers: key === undefined ? {} : { 'idempotency-key': key },
      body: new URLSearchParams(form).toString(),
    });
    if (response.kind === 'hang') throw new Error('No response.');

    return { status: response.status, ...JSON.parse(response.body) };
  };

  return { ...stripe, timers, post };
};

const form = { amount: '4000', currency: 'krw', 'metadata[reference]': order.reference };
const withBuyer = { ...form, confirm: 'true', return_url: 'https://shop.example/paid' };

describe('the contract server of Stripe', () => {
  it.each<[string, Record<string, string>, object]>([
    ['an unknown method', { payment_method: 'pm_unknown' }, { param: 'payment_method' }],
    ['no method', {}, { param: 'payment_method' }],
    [
      'a missing return URL',
      { payment_method: 'pm_card_visa', return_url: '' },
      { message: expect.stringContaining('`return_url` must be specified') },
    ],
  ])('refuses to confirm with %s', async (_what, given, error) => {
    const { post, stateOf } = openServer();
    const entries = Object.entries({ ...withBuyer, ...given }).filter(([, value]) => value !== '');

    expect(await post('', Object.fromEntries(entries))).toMatchObject({
      status: 400,
      error: { type: 'invalid_request_error', ...error },
    });
    expect(stateOf(order.reference).captured).toEqual([]);
  });

  it('needs no return URL if the request excludes redirects', async () => {
    const { post } = openServer();
    const excluded = {
      ...form,
      confirm: 'true',
      payment_method: 'pm_card_visa',
      'automatic_payment_methods[allow_redirects]': 'never',
    };

    expect(await post('', excluded)).toMatchObject({ status: 'succeeded' });
  });

  it.each(['/pi_unknown/cancel', '/pi_unknown/confirm'])(
    'refuses an unknown intent: %s',
    async (path) => {
      expect(await openServer().post(path, {})).toMatchObject({
        status: 404,
        error: { code: 'resource_missing' },
      });
    },
  );

  it.each([
    ['pm_card_visa', 'succeeded'],
    ['pm_processing', 'processing'],
  ])('refuses to cancel or confirm an intent of %s: it is %s', async (payment_method, status) => {
    const { post } = openServer();
    const { id } = await post('', { ...withBuyer, payment_method });
    const error = { code: 'payment_intent_unexpected_state', payment_intent: { id, status } };

    expect(await post(`/${id}/cancel`, {})).toMatchObject({ status: 400, error });
    expect(await post(`/${id}/confirm`, { payment_method })).toMatchObject({ status: 400, error });
  });

  it('refuses to cancel a canceled intent, and to confirm it', async () => {
    const { post, challenges } = openServer();
    const { id, next_action } = await post('', {
      ...withBuyer,
      payment_method: 'pm_card_authenticationRequired',
    });

    expect(await post(`/${id}/cancel`, {})).toMatchObject({ status: 'canceled' });
    const error = { payment_intent: { id, status: 'canceled' } };
    expect(await post(`/${id}/cancel`, {})).toMatchObject({ status: 400, error });
    expect(await post(`/${id}/confirm`, {})).toMatchObject({ status: 400, error });
    expect(challenges.decide(next_action.redirect_to_url.url, 'approve')).toContain(id);
    expect(await post(`/${id}/cancel`, {})).toMatchObject({ status: 400, error });
  });

  it('confirms a refused intent again, with another method', async () => {
    const { post, challenges, stateOf } = openServer();
    const waiting = await post('', {
      ...withBuyer,
      payment_method: 'pm_card_threeDSecure2Required',
    });
    challenges.decide(waiting.next_action.redirect_to_url.url, 'decline');

    const { return_url } = withBuyer;
    await post(`/${waiting.id}/confirm`, { payment_method: 'pm_card_visa', return_url });

    expect(stateOf(order.reference).captured).toEqual([4_000]);
  });

  it('takes one decision on a page, and sends the buyer back each time', async () => {
    const { post, challenges, stateOf } = openServer();
    const waiting = await post('', {
      ...withBuyer,
      payment_method: 'pm_card_authenticationRequired',
    });
    const page = waiting.next_action.redirect_to_url.url;

    const first = challenges.decide(page, 'approve');
    for (const again of ['decline', 'approve'] as const) {
      expect(challenges.decide(page, again)).toBe(first);
      expect(stateOf(order.reference).captured).toEqual([4_000]);
    }
    expect(() => challenges.decide('https://hooks.stripe.com/other', 'approve')).toThrow('No page');
  });

  it('refuses a key with other parameters, and repeats its first response', async () => {
    const { post, challenges } = openServer();
    const request = { ...withBuyer, payment_method: 'pm_card_authenticationRequired' };
    const first = await post('', request, 'key');
    challenges.decide(first.next_action.redirect_to_url.url, 'approve');

    expect(await post('', request, 'key')).toEqual(first);
    expect(
      await post('', { ...request, return_url: 'https://other.example' }, 'key'),
    ).toMatchObject({
      status: 400,
      error: { type: 'idempotency_error' },
    });
  });

  it('refunds in the dashboard without our metadata, and at most what is left', async () => {
    const { gateway, stripe, intent, eventTypes, readState, close } = await createStripeHarness();
    await gateway.charge(charge);
    const { id } = intent();

    await stripe.refundInDashboard(id, 1_500, 'by-hand');
    await stripe.refundInDashboard(id, 1_500, 'by-hand');
    await stripe.refundInDashboard(id, 2_501, 'too-much');

    expect(await gateway.inquire(order)).toMatchObject({ captured: 4_000, refunded: 1_500 });
    expect(stripe.refunds.active(id)).toMatchObject([{ metadata: {} }]);
    expect(readState().refunded).toEqual([1_500]);
    expect(eventTypes().slice(1)).toEqual(['refund.created', 'charge.refunded']);
    await close();
  });

  it('opens no dispute about a charge that is not captured', async () => {
    const { post, disputes } = openServer();
    const { error } = await post('', { ...withBuyer, payment_method: 'pm_decline' });

    expect(() => disputes.open(error.payment_intent.id)).toThrow('is not captured');
    expect(() => disputes.close('du_unknown', 'won')).toThrow('No dispute du_unknown.');
  });

  it.each([
    ['pm_card_visa_chargeDeclined', 'generic_decline', 'card-declined'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'insufficient_funds', 'insufficient-funds'],
    ['pm_card_visa_chargeDeclinedLostCard', 'lost_card', 'card-declined'],
    [
      'pm_card_visa_chargeDeclinedVelocityLimitExceeded',
      'card_velocity_exceeded',
      'limit-exceeded',
    ],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'expired-card'],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', 'invalid-card'],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', 'try-again-later'],
  ])('declines the test card %s with %s', async (paymentMethod, code, buyerCode) => {
    const { gateway, close } = await createStripeHarness();
    const { returnUrl } = challengedCharge;

    const declined = { outcome: 'declined', code, buyerCode };
    expect(await gateway.charge({ ...charge, paymentMethod, returnUrl })).toMatchObject(declined);
    expect(await gateway.inquire(order)).toMatchObject(declined);
    await close();
  });

  it("plays each of Stripe's test cards by a valid token", () => {
    const names = [...stripeTestCards({ slowMs: 1, inProgressMs: 1, lateMs: 1 }).keys()];

    expect(names.length).toBeGreaterThan(20);
    for (const name of names) expect(name).toMatch(/^pm_card_\w+$/);
  });
});
