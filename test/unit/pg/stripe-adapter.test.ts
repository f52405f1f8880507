import { describe, expect, it, vi } from 'vitest';
import { listen } from '../../../dev/plain-server.ts';
import { reply } from '../../../shared/outside/plain-http.ts';
import { answering, brokenPg } from '../../../shared/pg/conformance/broken-pg.ts';
import { manualTimers } from '../../../shared/pg/conformance/manual-timers.ts';
import { describePaymentGateway } from '../../../shared/pg/conformance.ts';
import { stripeGateway } from '../../../shared/pg/stripe-adapter.ts';
import { stripeLedger } from '../../../shared/pg/stripe-ledger.ts';
import { intentFrom, settlesAfterMs } from '../../support/stripe-answers.ts';
import { keyLifetimeMs, stripeContract } from '../../support/stripe-contract.ts';

const timeoutMs = 8_000;
const secretKey = 'sk_test_123';

describePaymentGateway('the Stripe adapter', async () => {
  const timers = manualTimers();
  const stripe = stripeContract({ timers });
  const { url, close } = await listen(stripe.server, { timers });

  return {
    url,
    timeoutMs,
    timers,
    settledAfterMs: settlesAfterMs,
    paymentMethod: (situation) => `pm_${situation}`,
    declineCode: 'insufficient_funds',
    cancelsUncharged: 'cancelled',
    remembersRefusedRefunds: false,
    gatewayTo: (to) => stripeGateway({ url: to, secretKey, timeoutMs, timers }),
    ledgerTo: (to) => stripeLedger({ url: to, secretKey, timeoutMs, timers, pageSize: 2 }),
    books: async (reference) => stripe.books(reference),
    close,
  };
});

const order = { reference: 'pay-1', amount: 4_000, currency: 'KRW' };
const charge = { ...order, key: 'chg:pay-1:1', paymentMethod: 'pm_approve' };

/** Something that answers each request with this, whatever it is. */
const answered = async (status: number, body: unknown) => {
  const pg = await brokenPg(answering(status, body));
  const gateway = stripeGateway({ url: pg.url, secretKey, timeoutMs, timers: manualTimers() });

  return { gateway, ...pg };
};

const aStripe = async (options: Partial<Parameters<typeof stripeContract>[0]> = {}) => {
  const timers = manualTimers();
  const stripe = stripeContract({ timers, ...options });
  const { url, close } = await listen(stripe.server, { timers });
  const gateway = stripeGateway({ url, secretKey, timeoutMs, timers });

  return { timers, gateway, close, books: () => stripe.books(order.reference) };
};

describe('the Stripe adapter', () => {
  it('never takes a search that lags for a charge that is not there', async () => {
    const { timers, gateway, books, close } = await aStripe({ indexLagMs: 60_000 });
    await gateway.charge({ ...charge, paymentMethod: 'pm_error-after-effect' });

    const early = await gateway.inquire(charge);
    const cancelled = await gateway.cancel(charge);
    timers.advance(60_000);
    const late = await gateway.inquire(charge);

    expect(early).toEqual({ outcome: 'not-found' });
    expect(cancelled).toMatchObject({
      outcome: 'ambiguous',
      reason: expect.stringContaining('its key was used'),
    });
    expect(late).toMatchObject({ outcome: 'approved' });
    expect(books().captured).toEqual([4_000]);
    await close();
  });

  it('closes the key, so that a charge that arrives after its cancellation captures nothing', async () => {
    const { gateway, books, close } = await aStripe();

    const cancelled = await gateway.cancel(charge);
    const late = await gateway.charge(charge);

    expect(cancelled).toEqual({ outcome: 'cancelled' });
    expect(late).toMatchObject({ outcome: 'ambiguous' });
    expect(books().captured).toEqual([]);
    await close();
  });

  it('does not call cancelled what the key turns out to belong to', async () => {
    const other = intentFrom(new URLSearchParams({ currency: 'krw' }), 0);
    const pg = await listen(async ({ method }) =>
      reply(200, method === 'GET' ? { object: 'search_result', data: [] } : other),
    );
    const gateway = stripeGateway({ url: pg.url, secretKey, timeoutMs });

    expect(await gateway.cancel(charge)).toMatchObject({ outcome: 'ambiguous' });
    await pg.close();
  });

  it('says not found, and closes nothing, where the key is not known', async () => {
    const { gateway, close } = await aStripe();

    expect(await gateway.cancel(order)).toEqual({ outcome: 'not-found' });
    expect(await gateway.charge(charge)).toMatchObject({ outcome: 'approved' });
    await close();
  });

  it('cancels a charge that was declined, so that nothing confirms it again', async () => {
    const { gateway, close } = await aStripe();
    await gateway.charge({ ...charge, paymentMethod: 'pm_decline' });

    expect(await gateway.cancel(charge)).toEqual({ outcome: 'cancelled' });
    expect(await gateway.inquire(charge)).toMatchObject({ outcome: 'declined', code: 'canceled' });
    await close();
  });

  it('does not take another reference for ours that differs in case alone', async () => {
    const { gateway, close } = await aStripe();
    await gateway.charge(charge);

    expect(await gateway.inquire({ ...order, reference: 'PAY-1' })).toEqual({
      outcome: 'not-found',
    });
    await close();
  });

  it('sees how a pending refund went on, though its key repeats the first answer for ever', async () => {
    const { timers, gateway, books, close } = await aStripe();
    await gateway.charge({ ...charge, paymentMethod: 'pm_refund-in-progress' });

    const first = await gateway.refund({ ...order, key: 'rfd:1' });
    timers.advance(settlesAfterMs);
    const later = await gateway.refund({ ...order, key: 'rfd:1' });

    expect(first).toEqual({ outcome: 'in-progress' });
    expect(later).toMatchObject({ outcome: 'refunded' });
    expect(books().refunded).toEqual([4_000]);
    await close();
  });

  it('pays a refund once even after Stripe has forgotten its key, and two of one amount twice', async () => {
    const { timers, gateway, books, close } = await aStripe();
    await gateway.charge(charge);
    const first = await gateway.refund({ ...order, amount: 1_000, key: 'rfd:1' });
    timers.advance(keyLifetimeMs);

    const again = await gateway.refund({ ...order, amount: 1_000, key: 'rfd:1' });
    await gateway.refund({ ...order, amount: 1_000, key: 'rfd:2' });

    expect(again).toEqual(first);
    expect(books().refunded).toEqual([1_000, 1_000]);
    await close();
  });

  it('finds a refund behind fifty later ones', async () => {
    const { gateway, books, close } = await aStripe();
    await gateway.charge(charge);
    const first = await gateway.refund({ ...order, amount: 1, key: 'rfd:0' });
    for (let other = 1; other <= 50; other += 1) {
      await gateway.refund({ ...order, amount: 1, key: `rfd:${other}` });
    }

    expect(await gateway.inquireRefund({ ...order, amount: 1, key: 'rfd:0' })).toEqual(first);
    expect(books().refunded).toHaveLength(51);
    await close();
  });

  it('never takes a search that lags for a refund that is not there', async () => {
    const { gateway, close } = await aStripe({ indexLagMs: 60_000 });
    const charged = await gateway.charge(charge);
    const transactionId = charged.outcome === 'approved' ? charged.transactionId : '';
    const refund = { ...order, key: 'rfd:1' };

    expect(await gateway.inquireRefund(refund)).toMatchObject({ outcome: 'ambiguous' });
    expect(await gateway.inquireRefund({ ...refund, transactionId })).toEqual({
      outcome: 'not-found',
    });
    await close();
  });

  it.each([
    ['succeeded', 'refunded'],
    ['pending', 'in-progress'],
    ['failed', 'declined'],
    ['canceled', 'declined'],
    ['requires_action', 'ambiguous'],
    ['on_the_moon', 'ambiguous'],
  ])('reads a refund that is %s as %s', async (status, outcome) => {
    const refund = { object: 'refund', id: 're_1', amount: 4_000, currency: 'krw', created: 0 };
    const { gateway, close } = await answered(200, {
      object: 'list',
      url: '/v1/refunds',
      has_more: false,
      data: [{ ...refund, status, metadata: { key: 'rfd:1' } }],
    });

    expect(
      await gateway.inquireRefund({ ...order, key: 'rfd:1', transactionId: 'pi_1' }),
    ).toMatchObject({ outcome });
    await close();
  });

  it.each([
    ['a documented decline in a 500', 500, { type: 'card_error', decline_code: 'do_not_honor' }],
    ['a decline code that no one documented', 402, { type: 'card_error', decline_code: 'moon' }],
    ['a card error without a code', 402, { type: 'card_error' }],
    ['a refusal of the key', 400, { type: 'idempotency_error', code: 'amount_too_small' }],
    ['an unknown account', 400, { type: 'invalid_request_error', code: 'resource_missing' }],
    ['a conflict of another kind', 409, { type: 'api_error', code: 'lock_timeout' }],
    ['a key in use in a 500', 500, { type: 'api_error', code: 'idempotency_key_in_use' }],
    ['a 401', 401, { type: 'invalid_request_error' }],
  ])('says ambiguous to %s', async (_what, status, error) => {
    const { gateway, close } = await answered(status, { error: { message: 'no', ...error } });

    expect(await gateway.charge(charge)).toMatchObject({ outcome: 'ambiguous' });
    await close();
  });

  it.each([
    [
      'do_not_honor',
      402,
      { type: 'card_error', code: 'card_declined', decline_code: 'do_not_honor' },
    ],
    ['expired_card', 402, { type: 'card_error', code: 'expired_card' }],
    ['amount_too_small', 400, { type: 'invalid_request_error', code: 'amount_too_small' }],
    [
      'resource_missing',
      400,
      { type: 'invalid_request_error', code: 'resource_missing', param: 'payment_method' },
    ],
  ])('says declined to %s', async (code, status, error) => {
    const { gateway, close } = await answered(status, { error: { message: 'no', ...error } });

    expect(await gateway.charge(charge)).toEqual({ outcome: 'declined', code, reason: 'no' });
    await close();
  });

  it('does not believe an approval inside a 500', async () => {
    const approved = {
      ...intentFrom(new URLSearchParams({ 'metadata[reference]': 'pay-1', currency: 'krw' }), 0),
      status: 'succeeded',
      amount_received: 4_000,
    };
    const [failing, working] = [await answered(500, approved), await answered(200, approved)];

    expect(await failing.gateway.charge(charge)).toMatchObject({ outcome: 'ambiguous' });
    expect(await working.gateway.charge(charge)).toMatchObject({ outcome: 'approved' });
    await Promise.all([failing.close(), working.close()]);
  });

  it('says not sent to a 429 with a body of its own, and sends once', async () => {
    const { gateway, requests, close } = await answered(429, {
      error: { type: 'invalid_request_error', code: 'lock_timeout' },
    });

    expect(await gateway.charge(charge)).toMatchObject({ outcome: 'not-sent' });
    expect(requests()).toBe(1);
    await close();
  });

  it.each(['ISK', 'MGA', 'UGX'])(
    'sends no %s, which Stripe counts in another unit',
    async (currency) => {
      const { gateway, requests, close } = await answered(200, {});

      expect(await gateway.charge({ ...charge, currency })).toMatchObject({ outcome: 'declined' });
      expect(await gateway.refund({ ...charge, currency })).toMatchObject({ outcome: 'declined' });
      expect(await gateway.inquireRefund({ ...charge, currency })).toMatchObject({
        outcome: 'declined',
      });
      expect(requests()).toBe(0);
      await close();
    },
  );

  it('writes neither the key nor the answer anywhere', async () => {
    const spies = (['log', 'warn', 'error', 'info', 'debug'] as const).map((name) =>
      vi.spyOn(console, name).mockReturnValue(),
    );
    const { gateway, close } = await answered(401, { error: { message: secretKey } });

    const outcome = await gateway.charge(charge);

    expect(JSON.stringify(outcome)).not.toContain(secretKey);
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    await close();
  });
});
