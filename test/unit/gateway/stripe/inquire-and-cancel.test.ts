import { describe, expect, it } from 'vitest';
import { listen } from '../../../../dev/local/http-server.ts';
import { jsonReply } from '../../../../shared/simulators/plain-http.ts';
import { intentFromForm } from '../../../support/fakes/stripe/intent-states.ts';
import { charge, createStripeHarness, order, stripeGatewayAt } from './harness.ts';

describe('Stripe adapter: inquiries and cancellations', () => {
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
    const gateway = stripeGatewayAt(pg.url);

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
    const { gateway, intent, close } = await createStripeHarness();
    await gateway.charge({ ...charge, paymentMethod: 'pm_decline' });

    expect(await gateway.cancel(charge)).toEqual({ outcome: 'cancelled' });
    expect(intent().status).toBe('canceled');
    expect(await gateway.inquire(charge)).toMatchObject({
      outcome: 'declined',
      code: 'insufficient_funds',
    });
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
});
