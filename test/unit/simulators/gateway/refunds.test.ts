import { describe, expect, it } from 'vitest';
import { createSimulatorHarness } from './harness.ts';

describe('gateway simulator: refunds', () => {
  it('rejects the key of a rejected refund the same way later', async () => {
    const pg = createSimulatorHarness();

    const early = await pg.refund('rfd:1', 100);
    await pg.charge('sim_approve');

    expect(await pg.refund('rfd:1', 100)).toEqual(early);
    expect(early).toMatchObject({ status: 404, body: { code: 'charge_not_found' } });
  });

  it('refunds only in the currency of the charge', async () => {
    const pg = createSimulatorHarness();
    await pg.charge('sim_approve');

    expect(await pg.refund('rfd:1', 100, 'USD')).toMatchObject({
      body: { code: 'currency_mismatch' },
    });
  });

  it('approves a charge with a refund scenario immediately', async () => {
    const pg = createSimulatorHarness();

    expect(await pg.charge('sim_refund_timeout_after_effect')).toMatchObject({
      status: 200,
      body: { status: 'approved' },
    });
  });

  it('loses the first request of a refund and refunds at the second', async () => {
    const pg = createSimulatorHarness();
    await pg.charge('sim_refund_timeout_before_effect');

    const first = await pg.refund('rfd:1', 100);
    const between = await pg.inquireRefund('rfd:1');
    const second = await pg.refund('rfd:1', 100);

    expect(first).toEqual({ hangs: true });
    expect(between).toMatchObject({ status: 404, body: { code: 'refund_not_found' } });
    expect(second).toMatchObject({ body: { status: 'refunded' } });
    expect(await pg.list()).toMatchObject({
      body: { counts: { refundRequests: 2, refunds: 1 } },
    });
  });

  it('returns the outcome to a retry after the first response was lost', async () => {
    const pg = createSimulatorHarness();
    await pg.charge('sim_refund_timeout_after_effect');

    const first = await pg.refund('rfd:1', 100);
    const second = await pg.refund('rfd:1', 100);

    expect(first).toEqual({ hangs: true });
    expect(second).toMatchObject({ body: { status: 'refunded' } });
    expect(await pg.inquireRefund('rfd:1')).toEqual(second);
    expect(await pg.list()).toMatchObject({ body: { counts: { refunds: 1 } } });
  });

  it('counts a refund in progress against the capture, but does not list it', async () => {
    const pg = createSimulatorHarness();
    await pg.charge('sim_refund_in_progress');

    const first = await pg.refund('rfd:1', 600);
    const tooMuch = await pg.refund('rfd:2', 401);
    const before = await pg.list();
    pg.timers.advance(10_000);

    expect(first).toMatchObject({ status: 409, body: { code: 'in_progress' } });
    expect(tooMuch).toMatchObject({ body: { code: 'refund_exceeds_captured' } });
    expect(before).toMatchObject({ body: { refunds: [] } });
    expect(await pg.list()).toMatchObject({ body: { refunds: [{ amount: 600 }] } });
  });

  it('finds a refund only under its own reference', async () => {
    const pg = createSimulatorHarness();
    await pg.charge('sim_approve');
    await pg.refund('rfd:1', 100);

    expect(await pg.inquireRefund('rfd:1', 'p-2')).toMatchObject({
      body: { code: 'refund_not_found' },
    });
  });

  it('can fail a refund after it was paid', async () => {
    const pg = createSimulatorHarness();
    await pg.charge('sim_refund_fails_later');

    const refunded = await pg.refund('rfd:1', 600);
    pg.timers.advance(4_999);
    const before = await pg.inquire();
    pg.timers.advance(1);

    expect(refunded).toMatchObject({ status: 200, body: { status: 'refunded' } });
    expect(before).toMatchObject({ body: { refunded: 600 } });
    expect(await pg.inquire()).toMatchObject({ body: { refunded: 0 } });
    expect(await pg.inquireRefund('rfd:1')).toMatchObject({ body: { code: 'refund_failed' } });
    expect(await pg.refund('rfd:1', 600)).toMatchObject({ body: { code: 'refund_failed' } });
    expect(await pg.list()).toMatchObject({ body: { refunds: [] } });
    expect(await pg.refund('rfd:2', 1_000)).toMatchObject({ body: { status: 'refunded' } });
    pg.timers.advance(5_000);
    expect(await pg.inquire()).toMatchObject({ body: { refunded: 1_000 } });
  });
});
