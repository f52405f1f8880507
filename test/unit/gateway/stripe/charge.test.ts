import { describe, expect, it } from 'vitest';
import { intentFromForm } from '../../../support/fakes/stripe/intent-states.ts';
import { charge, startFixedResponse } from './harness.ts';

describe('Stripe adapter: charges', () => {
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
});
