import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inMemory } from '../../../shared/outside/documents.ts';
import { simulator } from '../../../shared/outside/simulator/api.ts';
import { behaviours, delays } from '../../../shared/outside/simulator/behaviours.ts';
import { manualTimers } from '../../../shared/pg/conformance/manual-timers.ts';
import type { ChargeBody } from '../../../shared/pg/simulator-protocol.ts';
import { clientOf, shown } from './plain-client.ts';

const aSimulator = () => {
  const timers = manualTimers();
  const client = clientOf(simulator({ accounts: inMemory(), keys: inMemory(), clock: timers }));
  const keyed = (path: string) => async (key: string, body: object) =>
    shown(await client.post(path, body, { 'idempotency-key': key }));

  return {
    timers,
    client,
    charge: (paymentMethod: string, { key = 'chg:p-1:1', ...other }: OtherCharge = {}) =>
      keyed('/charges')(key, {
        reference: 'p-1',
        amount: 1_000,
        currency: 'KRW',
        paymentMethod,
        ...other,
      }),
    refund: (key: string, amount: number, currency = 'KRW') =>
      keyed('/refunds')(key, { reference: 'p-1', amount, currency }),
    cancel: () => keyed('/cancellations')('cnl:p-1', { reference: 'p-1' }),
    inquireRefund: async (key: string, reference = 'p-1') =>
      shown(await client.get(`/refunds/${encodeURIComponent(key)}?reference=${reference}`)),
    inquire: async (reference = 'p-1') => shown(await client.get(`/charges/${reference}`)),
    listed: async (query = '?reference=p-1') => shown(await client.get(`/charges${query}`)),
  };
};

describe('the simulated PG', () => {
  it('has a behaviour for every payment method that is published', () => {
    expect([...behaviours(delays).keys()]).toEqual([
      'sim_approve',
      'sim_approve_slow',
      'sim_decline',
      'sim_timeout_before_effect',
      'sim_timeout_after_effect',
      'sim_error_after_effect',
      'sim_garbage_after_effect',
      'sim_unlisted_code',
      'sim_wrong_amount',
      'sim_in_progress',
      'sim_late_approve',
      'sim_refund_decline',
      'sim_refund_timeout_before_effect',
      'sim_refund_timeout_after_effect',
      'sim_refund_error_after_effect',
      'sim_refund_garbage_after_effect',
      'sim_refund_unlisted_code',
      'sim_refund_in_progress',
      'sim_refund_late',
    ]);
  });

  it('refuses a payment method that it does not know, with a code', async () => {
    const pg = aSimulator();

    expect(await pg.charge('visa')).toMatchObject({
      status: 400,
      body: { code: 'unknown_payment_method' },
    });
  });

  it('answers a slow approval after 5 s, and a second try of it at the same moment', async () => {
    const pg = aSimulator();

    const first = await pg.charge('sim_approve_slow');
    pg.timers.advance(2_000);
    const second = await pg.charge('sim_approve_slow');

    expect(first).toMatchObject({ status: 200, afterMs: 5_000 });
    expect(second).toEqual({ ...first, afterMs: 3_000 });
    expect(await pg.inquire()).toMatchObject({ body: { status: 'in_progress' } });
  });

  it('captures a slow approval even if its client has left', async () => {
    const pg = aSimulator();
    await pg.charge('sim_approve_slow');

    pg.timers.advance(5_000);

    expect(await pg.listed()).toMatchObject({ body: { counts: { charges: 1 } } });
  });

  it('is in progress for 10 s', async () => {
    const pg = aSimulator();
    await pg.charge('sim_in_progress');

    pg.timers.advance(9_999);
    const before = await pg.inquire();
    pg.timers.advance(1);

    expect(before).toMatchObject({ body: { status: 'in_progress' } });
    expect(await pg.inquire()).toMatchObject({ body: { status: 'approved' } });
  });

  it('does not find a late approval for 20 s, and captures it in spite of a cancellation', async () => {
    const pg = aSimulator();
    await pg.charge('sim_late_approve');

    pg.timers.advance(19_999);
    const before = await pg.inquire();
    const cancelled = await pg.cancel();
    pg.timers.advance(1);

    expect(before).toMatchObject({ status: 404, body: { code: 'charge_not_found' } });
    expect(cancelled).toMatchObject({ status: 404, body: { code: 'charge_not_found' } });
    expect(await pg.inquire()).toMatchObject({ body: { status: 'approved' } });
  });

  it.each(['sim_timeout_after_effect', 'sim_error_after_effect', 'sim_garbage_after_effect'])(
    'loses only the first answer: the key of a %s is answered truly later',
    async (paymentMethod) => {
      const pg = aSimulator();
      const body = { reference: 'p-1', amount: 1_000, currency: 'KRW', paymentMethod };
      await pg.client.post('/charges', body, { 'idempotency-key': 'chg:p-1:1' });

      expect(await pg.charge(paymentMethod)).toMatchObject({ body: { status: 'approved' } });
      expect(await pg.listed()).toMatchObject({ body: { counts: { requests: 2, charges: 1 } } });
    },
  );

  it.each([
    ['amount', { amount: 1_001 }],
    ['currency', { currency: 'USD' }],
    ['reference', { reference: 'p-2' }],
    ['payment method', { paymentMethod: 'sim_decline' }],
  ])('refuses a key that comes back with another %s', async (_what, other) => {
    const pg = aSimulator();
    await pg.charge('sim_approve');

    expect(await pg.charge('sim_approve', other)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    expect(await pg.listed('')).toMatchObject({ body: { counts: { charges: 1 } } });
  });

  it('charges a second key a second time, so that a client that pays twice is seen', async () => {
    const pg = aSimulator();

    await pg.charge('sim_approve', { key: 'chg:p-1:1' });
    await pg.charge('sim_approve', { key: 'chg:p-1:2' });

    expect(await pg.listed()).toMatchObject({
      body: {
        counts: { requests: 2, charges: 2 },
        charges: [{ amount: 1_000 }, { amount: 1_000 }],
      },
    });
  });

  it('lists neither what it refused nor what is not yet captured', async () => {
    const pg = aSimulator();
    await pg.charge('sim_decline');
    await pg.charge('sim_in_progress', { key: 'chg:p-1:2' });

    expect(await pg.listed()).toMatchObject({
      body: { counts: { requests: 2, charges: 0, refunds: 0 }, charges: [], refunds: [] },
    });
  });

  it('lists every reference when none is named', async () => {
    const pg = aSimulator();
    await pg.charge('sim_approve');
    await pg.charge('sim_approve', { key: 'chg:p-2:1', reference: 'p-2' });

    expect(await pg.listed('')).toMatchObject({
      body: { counts: { charges: 2 }, charges: [{ reference: 'p-1' }, { reference: 'p-2' }] },
    });
    expect(await pg.listed('?reference=p-3')).toMatchObject({ body: { counts: { charges: 0 } } });
  });

  it('lists so many references after one, and says where more begin', async () => {
    const pg = aSimulator();
    for (const reference of ['p-3', 'p-1', 'p-2']) {
      await pg.charge('sim_approve', { key: `chg:${reference}:1`, reference });
    }

    expect(await pg.listed('?limit=2')).toMatchObject({
      body: { charges: [{ reference: 'p-1' }, { reference: 'p-2' }], next: 'p-2' },
    });
    const { body } = (await pg.listed('?limit=2&after=p-2')) as { body: object };
    expect(body).toMatchObject({ charges: [{ reference: 'p-3' }] });
    expect(body).not.toHaveProperty('next');
  });

  it.each(['0', '-1', 'all', '1e3', '10000'])('refuses to list %s', async (limit) => {
    expect(await aSimulator().listed(`?limit=${limit}`)).toMatchObject({ status: 400 });
  });

  it('refuses the key of a refused refund the same way for ever', async () => {
    const pg = aSimulator();

    const early = await pg.refund('rfd:1', 100);
    await pg.charge('sim_approve');

    expect(await pg.refund('rfd:1', 100)).toEqual(early);
    expect(early).toMatchObject({ status: 404, body: { code: 'charge_not_found' } });
  });

  it('refunds only in the currency of the charge', async () => {
    const pg = aSimulator();
    await pg.charge('sim_approve');

    expect(await pg.refund('rfd:1', 100, 'USD')).toMatchObject({
      body: { code: 'currency_mismatch' },
    });
  });

  it('approves at once what it will refund badly', async () => {
    const pg = aSimulator();

    expect(await pg.charge('sim_refund_timeout_after_effect')).toMatchObject({
      status: 200,
      body: { status: 'approved' },
    });
  });

  it('loses the first request of a refund, and pays at the second', async () => {
    const pg = aSimulator();
    await pg.charge('sim_refund_timeout_before_effect');

    const first = await pg.refund('rfd:1', 100);
    const meanwhile = await pg.inquireRefund('rfd:1');
    const second = await pg.refund('rfd:1', 100);

    expect(first).toEqual({ hangs: true });
    expect(meanwhile).toMatchObject({ status: 404, body: { code: 'refund_not_found' } });
    expect(second).toMatchObject({ body: { status: 'refunded' } });
    expect(await pg.listed()).toMatchObject({
      body: { counts: { refundRequests: 2, refunds: 1 } },
    });
  });

  it('answers the key of a refund truly later, though it lost the first answer', async () => {
    const pg = aSimulator();
    await pg.charge('sim_refund_timeout_after_effect');

    const first = await pg.refund('rfd:1', 100);
    const second = await pg.refund('rfd:1', 100);

    expect(first).toEqual({ hangs: true });
    expect(second).toMatchObject({ body: { status: 'refunded' } });
    expect(await pg.inquireRefund('rfd:1')).toEqual(second);
    expect(await pg.listed()).toMatchObject({ body: { counts: { refunds: 1 } } });
  });

  it('counts what it is still paying back, but does not list it', async () => {
    const pg = aSimulator();
    await pg.charge('sim_refund_in_progress');

    const first = await pg.refund('rfd:1', 600);
    const tooMuch = await pg.refund('rfd:2', 401);
    const before = await pg.listed();
    pg.timers.advance(10_000);

    expect(first).toMatchObject({ status: 409, body: { code: 'in_progress' } });
    expect(tooMuch).toMatchObject({ body: { code: 'refund_exceeds_captured' } });
    expect(before).toMatchObject({ body: { refunds: [] } });
    expect(await pg.listed()).toMatchObject({ body: { refunds: [{ amount: 600 }] } });
  });

  it('knows a refund only under the reference that it was asked for', async () => {
    const pg = aSimulator();
    await pg.charge('sim_approve');
    await pg.refund('rfd:1', 100);

    expect(await pg.inquireRefund('rfd:1', 'p-2')).toMatchObject({
      body: { code: 'refund_not_found' },
    });
  });

  it.each([
    ['no key', {}, { reference: 'p-1', amount: 1, currency: 'KRW', paymentMethod: 'sim_approve' }],
    ['no amount', { 'idempotency-key': 'k' }, { reference: 'p-1', currency: 'KRW' }],
    ['no money', { 'idempotency-key': 'k' }, { reference: 'p-1', amount: 0, currency: 'KRW' }],
  ])('refuses a request with %s', async (_what, headers, body) => {
    const { client } = aSimulator();

    expect(shown(await client.post('/charges', body, headers))).toMatchObject({ status: 400 });
  });

  it('captures once a key, nothing once cancelled, and pays back no more, whatever is asked at once', async () => {
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
          const pg = aSimulator();

          const answers = await Promise.all(
            requests.map(async ({ kind, key }) => {
              if (kind === 'charge') return pg.charge('sim_approve', { key: `chg:p-1:${key}` });
              // The amount is made from the key: the same key always comes with the same body.
              return kind === 'cancel' ? pg.cancel() : pg.refund(`rfd:${key}`, key);
            }),
          );
          const cancelled = answers.some(({ body }) => body?.status === 'cancelled');

          const { body } = (await pg.listed()) as { body: Listed };
          const keys = body.charges.map(({ key }) => key);
          expect(new Set(keys).size).toBe(keys.length);
          expect(cancelled && keys.length > 0).toBe(false);
          expect(total(body.refunds)).toBeLessThanOrEqual(total(body.charges));
        },
      ),
    );
  });
});

interface OtherCharge extends Partial<ChargeBody> {
  readonly key?: string;
}

interface Listed {
  readonly charges: { key: string; amount: number }[];
  readonly refunds: { key: string; amount: number }[];
}

const total = (moved: readonly { amount: number }[]): number =>
  moved.reduce((sum, { amount }) => sum + amount, 0);
