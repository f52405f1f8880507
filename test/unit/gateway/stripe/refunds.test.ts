import { describe, expect, it } from 'vitest';
import { listen } from '../../../../dev/local/http-server.ts';
import { jsonReply } from '../../../../shared/simulators/plain-http.ts';
import { intentFromForm } from '../../../support/fakes/stripe/intent-states.ts';
import { idempotencyTtlMs, settleDelayMs } from '../../../support/fakes/stripe/server.ts';
import {
  charge,
  createStripeHarness,
  order,
  startFixedResponse,
  stripeGatewayAt,
} from './harness.ts';

describe('Stripe adapter: refunds', () => {
  it('returns the current state of a pending refund for the same key', async () => {
    const { timers, gateway, readState, close } = await createStripeHarness();
    await gateway.charge({ ...charge, paymentMethod: 'pm_refund_in_progress' });

    const first = await gateway.refund({ ...order, key: 'rfd:1' });
    timers.advance(settleDelayMs);
    const later = await gateway.refund({ ...order, key: 'rfd:1' });

    expect(first).toEqual({ outcome: 'in-progress' });
    expect(later).toMatchObject({ outcome: 'refunded' });
    expect(readState().refunded).toEqual([4_000]);
    await close();
  });

  it('refunds once after the key has expired, and twice for two keys of one amount', async () => {
    const { timers, gateway, readState, close } = await createStripeHarness();
    await gateway.charge(charge);
    const first = await gateway.refund({ ...order, amount: 1_000, key: 'rfd:1' });
    timers.advance(idempotencyTtlMs);

    const again = await gateway.refund({ ...order, amount: 1_000, key: 'rfd:1' });
    await gateway.refund({ ...order, amount: 1_000, key: 'rfd:2' });

    expect(again).toEqual(first);
    expect(readState().refunded).toEqual([1_000, 1_000]);
    await close();
  });

  it('finds a refund older than fifty others', async () => {
    const { gateway, readState, close } = await createStripeHarness();
    await gateway.charge(charge);
    const first = await gateway.refund({ ...order, amount: 1, key: 'rfd:0' });
    for (let other = 1; other <= 50; other += 1) {
      await gateway.refund({ ...order, amount: 1, key: `rfd:${other}` });
    }

    expect(await gateway.inquireRefund({ ...order, amount: 1, key: 'rfd:0' })).toEqual(first);
    expect(readState().refunded).toHaveLength(51);
    await close();
  });

  it('returns ambiguous, not not-found, while the search index lags', async () => {
    const { gateway, close } = await createStripeHarness({ searchLagMs: 60_000 });
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
  ])('maps a refund with status %s to %s', async (status, outcome) => {
    const refund = { object: 'refund', id: 're_1', amount: 4_000, currency: 'krw', created: 0 };
    const { gateway, close } = await startFixedResponse(200, {
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
    ['succeeded', 1_000],
    ['pending', 1_000],
    ['requires_action', 1_000],
    ['failed', 0],
    ['canceled', 0],
  ])('counts a refund with status %s as %i refunded', async (status, refunded) => {
    const intent = {
      ...intentFromForm(
        new URLSearchParams({ 'metadata[reference]': 'pay-1', currency: 'krw' }),
        0,
      ),
      status: 'succeeded',
      amount_received: 4_000,
    };
    const refund = { object: 'refund', id: 're_1', amount: 1_000, currency: 'krw', created: 0 };
    const stripe = await listen(async ({ path }) =>
      jsonReply(
        200,
        path === '/v1/refunds'
          ? { object: 'list', url: path, has_more: false, data: [{ ...refund, status }] }
          : intent,
      ),
    );
    const gateway = stripeGatewayAt(stripe.url);

    expect(await gateway.inquire({ ...order, transactionId: 'pi_1' })).toMatchObject({
      outcome: 'approved',
      captured: 4_000,
      refunded,
    });
    await stripe.close();
  });

  it.each([-1, 0.5, 2 ** 53 - 1, 'yesterday'])(
    'returns ambiguous for a refund created at %j',
    async (created) => {
      const refund = { object: 'refund', id: 're_1', amount: 4_000, currency: 'krw', created };
      const { gateway, close } = await startFixedResponse(200, {
        object: 'list',
        url: '/v1/refunds',
        has_more: false,
        data: [{ ...refund, status: 'succeeded', metadata: { key: 'rfd:1' } }],
      });

      expect(
        await gateway.inquireRefund({ ...order, key: 'rfd:1', transactionId: 'pi_1' }),
      ).toMatchObject({ outcome: 'ambiguous' });
      await close();
    },
  );
});
