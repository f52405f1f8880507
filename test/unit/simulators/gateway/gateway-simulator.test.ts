import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { behaviours, defaultDelays } from '../../../../shared/simulators/gateway/behaviours.ts';
import { toComparable } from '../../../support/fakes/plain-http-client.ts';
import { createSimulatorHarness } from './harness.ts';

describe('gateway simulator', () => {
  it('has a behaviour for every published payment method', () => {
    expect([...behaviours(defaultDelays).keys()]).toEqual([
      'sim_approve',
      'sim_approve_slow',
      'sim_decline',
      'sim_decline_stolen_card',
      'sim_decline_expired_card',
      'sim_decline_authentication',
      'sim_decline_limit',
      'sim_decline_not_supported',
      'sim_decline_try_later',
      'sim_timeout_before_effect',
      'sim_timeout_after_effect',
      'sim_error_after_effect',
      'sim_garbage_after_effect',
      'sim_unlisted_code',
      'sim_wrong_amount',
      'sim_in_progress',
      'sim_late_approve',
      'sim_decline_late_approve',
      'sim_webhook_twice',
      'sim_webhook_late',
      'sim_webhook_out_of_order',
      'sim_challenge',
      'sim_challenge_frictionless',
      'sim_challenge_abandoned',
      'sim_challenge_twice',
      'sim_challenge_late',
      'sim_refund_decline',
      'sim_refund_timeout_before_effect',
      'sim_refund_timeout_after_effect',
      'sim_refund_error_after_effect',
      'sim_refund_garbage_after_effect',
      'sim_refund_unlisted_code',
      'sim_refund_in_progress',
      'sim_refund_late',
      'sim_refund_fails_later',
    ]);
  });

  it('rejects an unknown payment method with a code', async () => {
    const pg = createSimulatorHarness();

    expect(await pg.charge('visa')).toMatchObject({
      status: 400,
      body: { code: 'unknown_payment_method' },
    });
  });

  it('answers a slow approval and its retry at the same time, after 5 s', async () => {
    const pg = createSimulatorHarness();

    const first = await pg.charge('sim_approve_slow');
    pg.timers.advance(2_000);
    const second = await pg.charge('sim_approve_slow');

    expect(first).toMatchObject({ status: 200, afterMs: 5_000 });
    expect(second).toEqual({ ...first, afterMs: 3_000 });
    expect(await pg.inquire()).toMatchObject({ body: { status: 'in_progress' } });
  });

  it('captures a slow approval even if its client has disconnected', async () => {
    const pg = createSimulatorHarness();
    await pg.charge('sim_approve_slow');

    pg.timers.advance(5_000);

    expect(await pg.list()).toMatchObject({ body: { counts: { charges: 1 } } });
  });

  it('reports sim_in_progress as in progress for 10 s', async () => {
    const pg = createSimulatorHarness();
    await pg.charge('sim_in_progress');

    pg.timers.advance(9_999);
    const before = await pg.inquire();
    pg.timers.advance(1);

    expect(before).toMatchObject({ body: { status: 'in_progress' } });
    expect(await pg.inquire()).toMatchObject({ body: { status: 'approved' } });
  });

  it('hides a late approval for 20 s and captures it in spite of a cancellation', async () => {
    const pg = createSimulatorHarness();
    await pg.charge('sim_late_approve');

    pg.timers.advance(19_999);
    const before = await pg.inquire();
    const cancelled = await pg.cancel();
    pg.timers.advance(1);

    expect(before).toMatchObject({ status: 404, body: { code: 'charge_not_found' } });
    expect(cancelled).toMatchObject({ status: 404, body: { code: 'charge_not_found' } });
    expect(await pg.inquire()).toMatchObject({ body: { status: 'approved' } });
  });

  it('declines a charge and captures it 20 s later', async () => {
    const pg = createSimulatorHarness();

    const first = await pg.charge('sim_decline_late_approve');
    pg.timers.advance(19_999);
    const before = await pg.inquire();
    pg.timers.advance(1);

    expect(first).toMatchObject({ status: 402, body: { code: 'insufficient_funds' } });
    expect(before).toMatchObject({ status: 200, body: { status: 'declined' } });
    expect(await pg.inquire()).toMatchObject({ body: { status: 'approved' } });
  });

  it.each(['sim_timeout_after_effect', 'sim_error_after_effect', 'sim_garbage_after_effect'])(
    'loses only the first response of %s: a retry gets the outcome',
    async (paymentMethod) => {
      const pg = createSimulatorHarness();
      const body = { reference: 'p-1', amount: 1_000, currency: 'KRW', paymentMethod };
      await pg.client.post('/charges', body, { 'idempotency-key': 'chg:p-1:1' });

      expect(await pg.charge(paymentMethod)).toMatchObject({ body: { status: 'approved' } });
      expect(await pg.list()).toMatchObject({ body: { counts: { requests: 2, charges: 1 } } });
    },
  );

  it.each([
    ['amount', { amount: 1_001 }],
    ['currency', { currency: 'USD' }],
    ['reference', { reference: 'p-2' }],
    ['payment method', { paymentMethod: 'sim_decline' }],
  ])('rejects a reused key with another %s', async (_what, other) => {
    const pg = createSimulatorHarness();
    await pg.charge('sim_approve');

    expect(await pg.charge('sim_approve', other)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    expect(await pg.list('')).toMatchObject({ body: { counts: { charges: 1 } } });
  });

  it('charges again for a second key, so that double charges are visible', async () => {
    const pg = createSimulatorHarness();

    await pg.charge('sim_approve', { key: 'chg:p-1:1' });
    await pg.charge('sim_approve', { key: 'chg:p-1:2' });

    expect(await pg.list()).toMatchObject({
      body: {
        counts: { requests: 2, charges: 2 },
        charges: [{ amount: 1_000 }, { amount: 1_000 }],
      },
    });
  });

  it.each([
    ['no key', {}, { reference: 'p-1', amount: 1, currency: 'KRW', paymentMethod: 'sim_approve' }],
    ['no amount', { 'idempotency-key': 'k' }, { reference: 'p-1', currency: 'KRW' }],
    [
      'an amount of zero',
      { 'idempotency-key': 'k' },
      { reference: 'p-1', amount: 0, currency: 'KRW' },
    ],
  ])('rejects a request with %s', async (_what, headers, body) => {
    const { client } = createSimulatorHarness();

    expect(toComparable(await client.post('/charges', body, headers))).toMatchObject({
      status: 400,
    });
  });

  it('captures once per key, never after a cancellation, and never refunds more, under concurrency', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.record({ kind: fc.constant('charge'), key: fc.integer({ min: 1, max: 2 }) }),
            fc.record({ kind: fc.constant('cancel'), key: fc.constant(0) }),
            fc.record({ kind: fc.constant('refund'), key: fc.integer({ min: 1, max: 900 }) }),
          ),
          { maxLength: 12 },
        ),
        async (requests) => {
          const pg = createSimulatorHarness();

          const responses = await Promise.all(
            requests.map(async ({ kind, key }) => {
              if (kind === 'charge') return pg.charge('sim_approve', { key: `chg:p-1:${key}` });
              // The amount is derived from the key: one key always has one body.
              return kind === 'cancel' ? pg.cancel() : pg.refund(`rfd:${key}`, key);
            }),
          );
          const cancelled = responses.some(({ body }) => body?.status === 'cancelled');

          const { body } = (await pg.list()) as { body: Listed };
          const keys = body.charges.map(({ key }) => key);
          expect(new Set(keys).size).toBe(keys.length);
          expect(cancelled && keys.length > 0).toBe(false);
          expect(total(body.refunds)).toBeLessThanOrEqual(total(body.charges));
        },
      ),
    );
  });
});

interface Listed {
  readonly charges: { key: string; amount: number }[];
  readonly refunds: { key: string; amount: number }[];
}

const total = (movements: readonly { amount: number }[]): number =>
  movements.reduce((sum, { amount }) => sum + amount, 0);
