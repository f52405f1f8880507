import { describe, expect, it } from 'vitest';
import { describePaymentGateway } from '../../../../shared/gateway/conformance/payment-gateway-suite.ts';
import { createTossGateway } from '../../../../shared/gateway/toss/adapter.ts';
import { createTossChargeList } from '../../../../shared/gateway/toss/charge-list.ts';
import { createTossWorld, tossSecretKey as secretKey } from '../../../simulation/gateways/toss.ts';
import { expiresAfterMs, sessionMs } from '../../../support/fakes/toss/payments.ts';
import { delays, hourMs, openWorld, underTest } from './harness.ts';

describePaymentGateway('Toss in the simulation', async () => {
  const opened = openWorld(createTossWorld);
  const { timers, exchange, world } = opened;
  const common = underTest(opened);
  const options = { secretKey, timeoutMs: common.timeoutMs, timers, exchange };

  return {
    ...common,
    url: 'http://toss.test',
    paymentMethod: (scenario, charge) =>
      world.checkout(`toss_${scenario.replaceAll('-', '_')}`, charge),
    openWindow: async (action) => world.checkout('toss_approve', action),
    declineCode: 'REJECT_ACCOUNT_PAYMENT',
    unchargedCancelOutcome: 'in-progress',
    reportsRefundedOnCharge: true,
    keepsDeclinedRefunds: false,
    refusesPaidReferences: true,
    hasChallenge: false,
    gatewayAt: (url) => createTossGateway({ url, ...options }),
    chargeListAt: (url) => createTossChargeList({ url, ...options, pageSize: 2 }),
  };
});

describe('Toss in the simulation', () => {
  const open = () => openWorld(createTossWorld, {}, 'pay-01');

  it('opens the checkout window with every behaviour, and gives a valid token', () => {
    const { world, platform, chargeBy } = open();

    expect(world.paymentMethods.length).toBeGreaterThan(20);
    for (const method of world.paymentMethods) {
      const { paymentMethod: token } = chargeBy(method);
      expect(token).toMatch(platform.tokenFormat.pattern);
      expect(world.methodOf(token)).toBe(method);
    }
    expect(() => chargeBy('toss_unknown')).toThrow('no payment method toss_unknown');
    expect(world.references()).toEqual(['pay-01']);
  });

  it('gives a token in the window that our API describes, and none if it is closed', async () => {
    const { world, gateway, order, platform } = open();
    const window = { ...order, ...platform.openCheckout({}) };

    await world.pages.closeWindow(window);
    expect(world.references()).toEqual([]);
    const paymentMethod = await world.pages.payInWindow(window, 'toss_approve');

    expect(world.methodOf(paymentMethod)).toBe('toss_approve');
    expect(world.truthOf('pay-01')).toMatchObject({ isPending: true, isUndecided: false });
    expect(await gateway.charge({ ...order, key: 'chg:1', paymentMethod })).toMatchObject({
      outcome: 'approved',
    });
    await expect(world.pages.payInWindow(order, 'toss_approve')).rejects.toThrow(
      'INVALID_CLIENT_KEY',
    );
  });

  it('is undecided while it processes a charge that was confirmed', async () => {
    const { world, gateway, timers, chargeBy } = open();

    await gateway.charge(chargeBy('toss_in_progress'));

    expect(world.truthOf('pay-01')).toMatchObject({ isUndecided: true });
    timers.advance(delays.inProgressMs);
    expect(world.truthOf('pay-01')).toMatchObject({ isUndecided: false, captures: 1 });
  });

  it('asks no buyer on a page of its own', async () => {
    const { pages } = open().world;

    expect(pages.challengedMethods).toEqual([]);
    expect(pages.actionUrls()).toEqual([]);
    await expect(pages.decide('https://toss.test/page', 'approve')).rejects.toThrow('no page');
  });

  it('gives a token that Toss does not know for an order that costs nothing', async () => {
    const { gateway, world, order } = open();
    const paymentMethod = world.checkout('toss_approve', { ...order, amount: 0 });

    expect(world.methodOf(paymentMethod)).toBe('toss_approve');
    expect(await gateway.charge({ ...order, key: 'chg:pay-01:1', paymentMethod })).toMatchObject({
      outcome: 'declined',
      code: 'NOT_FOUND_PAYMENT',
    });
  });

  it('lets a payment that is not confirmed expire', async () => {
    const { gateway, timers, chargeBy, world } = open();
    const charge = chargeBy('toss_approve');

    timers.advance(expiresAfterMs - 1);
    expect(await gateway.inquire(charge)).toEqual({ outcome: 'in-progress' });
    expect(world.truthOf('pay-01')).toMatchObject({ captures: 0, isPending: true });
    timers.advance(1);
    expect(await gateway.inquire(charge)).toMatchObject({ outcome: 'declined', code: 'EXPIRED' });
    expect(world.truthOf('pay-01')).toMatchObject({ captures: 0, isPending: false });
  });

  it.each([
    ['until its session ends', sessionMs - 1, 'approved'],
    ['not after it', sessionMs, 'declined'],
  ])('confirms a payment %s', async (_when, afterMs, outcome) => {
    const { gateway, timers, chargeBy } = open();
    const charge = chargeBy('toss_approve');
    timers.advance(afterMs);

    expect(await gateway.charge(charge)).toMatchObject({ outcome });
  });

  it.each([
    ['toss_decline', 'REJECT_ACCOUNT_PAYMENT'],
    ['toss_decline_stopped_card', 'INVALID_STOPPED_CARD'],
    ['toss_decline_daily_amount', 'EXCEED_MAX_ONE_DAY_AMOUNT'],
  ])('declines %s with %s and replays the decline', async (method, code) => {
    const { gateway, world, chargeBy } = open();
    const charge = chargeBy(method);

    for (let times = 0; times < 2; times += 1)
      expect(await gateway.charge(charge)).toMatchObject({ outcome: 'declined', code });
    expect(world.truthOf('pay-01')).toMatchObject({ captures: 0, isPending: false });
  });

  it('answers a slow charge at its end, and until then that its key is in use', async () => {
    const { gateway, timers, chargeBy, world } = open();
    const charge = chargeBy('toss_approve_slow');
    const ends: string[] = [];

    const first = gateway.charge(charge);
    void first.then(({ outcome }) => ends.push(outcome));
    expect(await gateway.charge(charge)).toEqual({ outcome: 'in-progress' });
    expect(ends).toEqual([]);
    expect(world.truthOf('pay-01')).toMatchObject({ captures: 0, isPending: true });
    timers.advance(delays.slowMs);

    expect(await first).toMatchObject({ outcome: 'approved' });
    expect(await gateway.charge(charge)).toMatchObject({ outcome: 'approved' });
    expect(world.truthOf('pay-01')).toMatchObject({ captures: 1, isPending: false });
  });

  it('charges a rate-limited request when it is repeated', async () => {
    const { gateway, chargeBy } = open();
    const charge = chargeBy('toss_rate_limited');

    expect(await gateway.charge(charge)).toMatchObject({ outcome: 'not-sent' });
    expect(await gateway.charge(charge)).toMatchObject({ outcome: 'approved' });
  });

  it('declines a charge in progress later', async () => {
    const { gateway, timers, chargeBy, world } = open();
    const charge = chargeBy('toss_in_progress_fails');

    expect(await gateway.charge(charge)).toEqual({ outcome: 'in-progress' });
    expect(world.truthOf('pay-01')).toMatchObject({ isPending: true });
    timers.advance(delays.inProgressMs);
    const declined = { outcome: 'declined', code: 'REJECT_CARD_COMPANY' };
    expect(await gateway.inquire(charge)).toMatchObject(declined);
    expect(await gateway.charge(charge)).toMatchObject(declined);
    expect(world.truthOf('pay-01')).toMatchObject({ captures: 0, isPending: false });
  });

  it('forgets a key after its lifetime: the same confirmation is a second one', async () => {
    const { gateway, timers, chargeBy, world } = open();
    const charge = chargeBy('toss_approve');
    await gateway.charge(charge);

    timers.advance(24 * hourMs - 1);
    expect(await gateway.charge(charge)).toMatchObject({ outcome: 'approved' });
    timers.advance(1);
    // ALREADY_PROCESSED_PAYMENT: the payment itself says that it is ours.
    expect(await gateway.charge(charge)).toMatchObject({ outcome: 'approved' });
    expect(world.truthOf('pay-01')).toMatchObject({ captures: 1, captured: 4_000 });
  });

  it('aborts the first refund only', async () => {
    const { gateway, chargeBy, order, timers, world } = open();
    const charge = chargeBy('toss_refund_aborts');
    await gateway.charge(charge);

    expect(await gateway.refund({ ...order, key: 'rfd:1' })).toEqual({ outcome: 'in-progress' });
    expect(world.truthOf('pay-01')).toMatchObject({ refunded: 0, refundKeys: [], isPending: true });
    timers.advance(delays.inProgressMs);
    expect(await gateway.inquire(charge)).toMatchObject({ captured: 4_000, refunded: 0 });
    expect(world.truthOf('pay-01')).toMatchObject({
      refunded: 0,
      refundKeys: [],
      isPending: false,
    });

    await gateway.refund({ ...order, key: 'rfd:2' });
    timers.advance(delays.inProgressMs);
    expect(await gateway.inquire(charge)).toMatchObject({ captured: 4_000, refunded: 4_000 });
    expect(world.truthOf('pay-01')).toMatchObject({ refunded: 4_000, refundKeys: ['rfd:2'] });
  });

  it('sends unsigned webhooks that our receiver reads, one at each change', async () => {
    const { gateway, chargeBy, order, webhooks, read, timers } = open();
    const startedAt = timers.now().getTime();
    await gateway.charge(chargeBy('toss_refund_in_progress'));
    await gateway.refund({ ...order, key: 'rfd:1' });
    timers.advance(24 * hourMs);

    expect(webhooks.map((each) => [each.type, each.at - startedAt])).toEqual([
      ['PAYMENT_STATUS_CHANGED', 0],
      ['PAYMENT_STATUS_CHANGED', 0],
      ['CANCEL_STATUS_CHANGED', delays.inProgressMs],
    ]);
    const statuses = webhooks.map(
      ({ request }) => JSON.parse(request(timers.now()).body).data.status,
    );
    expect(statuses).toEqual(['DONE', 'CANCELED', 'CANCELED']);
    expect(await Promise.all(webhooks.map(read))).toEqual(
      webhooks.map(({ id }) => ({ id, reference: 'pay-01' })),
    );
    expect(new Set(webhooks.map(({ id }) => id)).size).toBe(3);
  });

  it('refunds by hand, which is not a refund of ours', async () => {
    const { world, webhooks, gateway, chargeBy, order } = open();
    await gateway.charge(chargeBy('toss_approve'));

    await world.refundByHand('pay-01', 1_500, 'by-hand');
    await world.refundByHand('pay-01', 3_000, 'too-much');
    await world.refundByHand('pay-02', 1, 'of-nothing');

    expect(world.truthOf('pay-01')).toMatchObject({ refunded: 1_500, refundKeys: [] });
    expect(await gateway.inquire(order)).toMatchObject({ captured: 4_000, refunded: 1_500 });
    expect(webhooks).toHaveLength(2);
  });
});
