import { describe, expect, it, vi } from 'vitest';
import { listen } from '../../../../dev/local/http-server.ts';
import { systemTimers } from '../../../../shared/config/system-clock.ts';
import { createManualTimers } from '../../../../shared/gateway/conformance/manual-timers.ts';
import { describePaymentGateway } from '../../../../shared/gateway/conformance/payment-gateway-suite.ts';
import { sendHttp } from '../../../../shared/gateway/http-exchange.ts';
import { createStripeGateway } from '../../../../shared/gateway/stripe/adapter.ts';
import { createStripeChargeList } from '../../../../shared/gateway/stripe/charge-list.ts';
import { createStripeReferenceFinder } from '../../../../shared/gateway/stripe/find-reference.ts';
import { jsonReply } from '../../../../shared/simulators/plain-http.ts';
import { intentFromForm } from '../../../support/fakes/stripe/payment-intents.ts';
import { createStripeServer, settleDelayMs } from '../../../support/fakes/stripe/server.ts';
import {
  charge,
  createStripeHarness,
  order,
  secretKey,
  startFixedResponse,
  timeoutMs,
} from './harness.ts';

describePaymentGateway('the Stripe adapter', async () => {
  const timers = createManualTimers();
  const stripe = createStripeServer({ clock: timers });
  const { url, close } = await listen(stripe.server, { timers });

  return {
    url,
    timeoutMs,
    timers,
    settledAfterMs: settleDelayMs,
    paymentMethod: (scenario) => `pm_${scenario.replaceAll('-', '_')}`,
    declineCode: 'insufficient_funds',
    unchargedCancelOutcome: 'cancelled',
    reportsRefundedOnCharge: false,
    keepsDeclinedRefunds: false,
    gatewayAt: (to) =>
      createStripeGateway({ url: to, secretKey, timeoutMs, timers, exchange: sendHttp }),
    chargeListAt: (to) =>
      createStripeChargeList({
        url: to,
        secretKey,
        timeoutMs,
        timers,
        exchange: sendHttp,
        pageSize: 2,
      }),
    readState: async (reference) => stripe.stateOf(reference),
    close,
  };
});

describe('Stripe adapter', () => {
  it('does not cancel a charge that the search index does not show yet', async () => {
    const { timers, gateway, readState, close } = await createStripeHarness({
      searchLagMs: 60_000,
    });
    await gateway.charge({ ...charge, paymentMethod: 'pm_error_after_effect' });

    const early = await gateway.inquire(charge);
    const cancelled = await gateway.cancel(charge);
    timers.advance(60_000);
    const late = await gateway.inquire(charge);

    expect(early).toEqual({ outcome: 'not-found' });
    expect(cancelled).toMatchObject({
      outcome: 'ambiguous',
      reason: expect.stringContaining('idempotency key already used'),
    });
    expect(late).toMatchObject({ outcome: 'approved' });
    expect(readState().captured).toEqual([4_000]);
    await close();
  });

  it('reads every refund although the search index shows only the first one yet', async () => {
    const { timers, gateway, close } = await createStripeHarness({ searchLagMs: 60_000 });
    const approved = await gateway.charge(charge);
    const transactionId = approved.outcome === 'approved' ? approved.transactionId : '';
    for (const key of ['rfd:1', 'rfd:2']) {
      await gateway.refund({ ...order, amount: 1_000, key, transactionId });
      timers.advance(40_000);
    }

    expect(await gateway.inquire(charge)).toMatchObject({ captured: 4_000, refunded: 2_000 });
    await close();
  });

  it('closes the key: a charge that arrives after its cancellation captures nothing', async () => {
    const { gateway, readState, close } = await createStripeHarness();

    const cancelled = await gateway.cancel(charge);
    const late = await gateway.charge(charge);

    expect(cancelled).toEqual({ outcome: 'cancelled' });
    expect(late).toMatchObject({ outcome: 'ambiguous' });
    expect(readState().captured).toEqual([]);
    await close();
  });

  it('returns ambiguous if the key belongs to another intent', async () => {
    const other = intentFromForm(new URLSearchParams({ currency: 'krw' }), 0);
    const pg = await listen(async ({ method }) =>
      jsonReply(200, method === 'GET' ? { object: 'search_result', data: [] } : other),
    );
    const gateway = createStripeGateway({
      url: pg.url,
      secretKey,
      timeoutMs,
      timers: systemTimers,
      exchange: sendHttp,
    });

    expect(await gateway.cancel(charge)).toMatchObject({ outcome: 'ambiguous' });
    await pg.close();
  });

  it('returns not-found and closes nothing if the key is unknown', async () => {
    const { gateway, close } = await createStripeHarness();

    expect(await gateway.cancel(order)).toEqual({ outcome: 'not-found' });
    expect(await gateway.charge(charge)).toMatchObject({ outcome: 'approved' });
    await close();
  });

  it('cancels a declined charge, so that nothing can confirm it later', async () => {
    const { gateway, close } = await createStripeHarness();
    await gateway.charge({ ...charge, paymentMethod: 'pm_decline' });

    expect(await gateway.cancel(charge)).toEqual({ outcome: 'cancelled' });
    expect(await gateway.inquire(charge)).toMatchObject({ outcome: 'declined', code: 'canceled' });
    await close();
  });

  it('reads a charge by its id and refuses one of another reference', async () => {
    const { gateway, close } = await createStripeHarness({ searchLagMs: 60_000 });
    const made = await gateway.charge(charge);
    const transactionId = made.outcome === 'approved' ? made.transactionId : '';

    expect(await gateway.inquire({ ...order, transactionId })).toMatchObject({
      outcome: 'approved',
    });
    expect(await gateway.inquire({ ...order, reference: 'pay-2', transactionId })).toMatchObject({
      outcome: 'ambiguous',
    });
    await close();
  });

  it('distinguishes references that differ only in case', async () => {
    const { gateway, close } = await createStripeHarness();
    await gateway.charge(charge);

    expect(await gateway.inquire({ ...order, reference: 'PAY-1' })).toEqual({
      outcome: 'not-found',
    });
    await close();
  });

  it.each([
    ['a documented decline in a 500', 500, { type: 'card_error', decline_code: 'do_not_honor' }],
    ['an undocumented decline code', 402, { type: 'card_error', decline_code: 'moon' }],
    ['a card error without a code', 402, { type: 'card_error' }],
    ['a rejected idempotency key', 400, { type: 'idempotency_error', code: 'amount_too_small' }],
    ['an unknown account', 400, { type: 'invalid_request_error', code: 'resource_missing' }],
    ['a different conflict', 409, { type: 'api_error', code: 'lock_timeout' }],
    ['a key in use in a 500', 500, { type: 'api_error', code: 'idempotency_key_in_use' }],
  ])('returns ambiguous for %s', async (_what, status, error) => {
    const { gateway, close } = await startFixedResponse(status, {
      error: { message: 'no', ...error },
    });

    expect(await gateway.charge(charge)).toMatchObject({ outcome: 'ambiguous' });
    await close();
  });

  it.each([
    [
      'do_not_honor',
      'card-declined',
      402,
      { type: 'card_error', code: 'card_declined', decline_code: 'do_not_honor' },
    ],
    ['expired_card', 'expired-card', 402, { type: 'card_error', code: 'expired_card' }],
    [
      'amount_too_small',
      'method-not-supported',
      400,
      { type: 'invalid_request_error', code: 'amount_too_small' },
    ],
    [
      'invalid_charge_amount',
      'method-not-supported',
      400,
      { type: 'invalid_request_error', code: 'invalid_charge_amount' },
    ],
    [
      'resource_missing',
      'invalid-card',
      400,
      { type: 'invalid_request_error', code: 'resource_missing', param: 'payment_method' },
    ],
  ])('returns declined for %s, as %s for the buyer', async (code, buyerCode, status, error) => {
    const { gateway, close } = await startFixedResponse(status, {
      error: { message: 'no', ...error },
    });

    expect(await gateway.charge(charge)).toEqual({
      outcome: 'declined',
      code,
      reason: 'no',
      buyerCode,
    });
    await close();
  });

  it.each([
    ['a wrong key', 401, { type: 'invalid_request_error' }],
    ['an expired key', 401, { type: 'invalid_request_error', code: 'api_key_expired' }],
    ['a restricted key', 403, { type: 'invalid_request_error', code: 'more_permissions_required' }],
  ])('returns not-sent with cause credentials for %s', async (_what, status, error) => {
    const { gateway, close } = await startFixedResponse(status, {
      error: { message: 'no', ...error },
    });
    const unsent = { outcome: 'not-sent', cause: 'credentials' };

    expect(await gateway.charge(charge)).toMatchObject(unsent);
    expect(await gateway.refund(charge)).toMatchObject(unsent);
    expect(await gateway.inquire(order)).toMatchObject(unsent);
    await close();
  });

  it('returns ambiguous for an approval inside a 500', async () => {
    const approved = {
      ...intentFromForm(
        new URLSearchParams({ 'metadata[reference]': 'pay-1', currency: 'krw' }),
        0,
      ),
      status: 'succeeded',
      amount_received: 4_000,
    };
    const [failing, working] = [
      await startFixedResponse(500, approved),
      await startFixedResponse(200, approved),
    ];

    expect(await failing.gateway.charge(charge)).toMatchObject({ outcome: 'ambiguous' });
    expect(await working.gateway.charge(charge)).toMatchObject({ outcome: 'approved' });
    await Promise.all([failing.close(), working.close()]);
  });

  it('returns not-sent for a 429 with a body and sends once', async () => {
    const { gateway, requests, close } = await startFixedResponse(429, {
      error: { type: 'invalid_request_error', code: 'lock_timeout' },
    });

    expect(await gateway.charge(charge)).toMatchObject({ outcome: 'not-sent' });
    expect(requests()).toBe(1);
    await close();
  });

  it.each(['ISK', 'MGA', 'UGX'])(
    'declines %s without sending: its minor unit differs at Stripe',
    async (currency) => {
      const { gateway, requests, close } = await startFixedResponse(200, {});

      expect(await gateway.charge({ ...charge, currency })).toMatchObject({ outcome: 'declined' });
      expect(await gateway.refund({ ...charge, currency })).toMatchObject({ outcome: 'declined' });
      expect(await gateway.inquireRefund({ ...charge, currency })).toMatchObject({
        outcome: 'declined',
      });
      expect(requests()).toBe(0);
      await close();
    },
  );

  it.each(['BHD', 'JOD', 'KWD', 'OMR', 'TND'])(
    'declines amounts of %s that are not multiples of ten, without sending',
    async (currency) => {
      const { gateway, requests, close } = await startFixedResponse(500, {});
      const [odd, even] = [3_702, 3_700].map((amount) => ({ ...charge, currency, amount }));
      const declined = { outcome: 'declined', code: 'amount_not_supported' };

      expect(await gateway.charge({ ...charge, ...odd })).toMatchObject(declined);
      expect(await gateway.refund({ ...charge, ...odd })).toMatchObject(declined);
      expect(await gateway.inquireRefund({ ...charge, ...odd })).toMatchObject(declined);
      expect(requests()).toBe(0);

      expect(await gateway.charge({ ...charge, ...even })).toMatchObject({ outcome: 'ambiguous' });
      expect(requests()).toBe(1);
      await close();
    },
  );

  it.each([
    ['BHD', 3_702],
    ['ISK', 4_000],
  ])('returns cancelled for %s %i, which is never sent', async (currency, amount) => {
    const { gateway, requests, close } = await startFixedResponse(200, {
      object: 'search_result',
      data: [],
    });

    expect(await gateway.cancel({ ...charge, currency, amount })).toEqual({
      outcome: 'cancelled',
    });
    expect(requests()).toBe(1);
    await close();
  });

  it('finds our reference by the id of an intent, undefined if there is none', async () => {
    const { timers, close, url } = await createStripeHarness();
    const options = { url, secretKey, timeoutMs, timers, exchange: sendHttp };
    const made = await createStripeGateway(options).charge(charge);
    const transactionId = made.outcome === 'approved' ? made.transactionId : '';
    const referenceOf = createStripeReferenceFinder(options);

    expect(await referenceOf(transactionId)).toBe('pay-1');
    expect(await referenceOf('pi_other')).toBeUndefined();
    await close();
    await expect(referenceOf(transactionId)).rejects.toThrow('resolve the charge of a webhook');
  });

  it('logs neither the key nor the response', async () => {
    const spies = (['log', 'warn', 'error', 'info', 'debug'] as const).map((name) =>
      vi.spyOn(console, name).mockReturnValue(),
    );
    const { gateway, close } = await startFixedResponse(401, { error: { message: secretKey } });

    const outcome = await gateway.charge(charge);

    expect(JSON.stringify(outcome)).not.toContain(secretKey);
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    await close();
  });
});
