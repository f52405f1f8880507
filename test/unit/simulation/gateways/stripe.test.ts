import { describe, expect, it } from 'vitest';
import { timings } from '../../../../shared/domain/timings.ts';
import { describePaymentGateway } from '../../../../shared/gateway/conformance/payment-gateway-suite.ts';
import { createStripeGateway } from '../../../../shared/gateway/stripe/adapter.ts';
import { createStripeChargeList } from '../../../../shared/gateway/stripe/charge-list.ts';
import {
  createStripeWorld,
  stripeSecretKey as secretKey,
} from '../../../simulation/gateways/stripe.ts';
import { paymentMethodOf } from '../../gateway/stripe/harness.ts';
import { delays, hourMs, openWorld, underTest } from './harness.ts';

describePaymentGateway('Stripe in the simulation', async () => {
  const opened = openWorld(createStripeWorld);
  const { timers, exchange } = opened;
  const common = underTest(opened);
  const options = { secretKey, timeoutMs: common.timeoutMs, timers, exchange };

  return {
    ...common,
    url: 'http://stripe.test',
    paymentMethod: paymentMethodOf,
    declineCode: 'insufficient_funds',
    unchargedCancelOutcome: 'cancelled',
    reportsRefundedOnCharge: false,
    keepsDeclinedRefunds: false,
    hasChallenge: true,
    decideChallenge: async (_reference, page, decision) => {
      opened.world.challenges.decide(page, decision);
    },
    gatewayAt: (url) => createStripeGateway({ url, ...options }),
    chargeListAt: (url) => createStripeChargeList({ url, ...options, pageSize: 2 }),
  };
});

describe('Stripe in the simulation', () => {
  const open = (options: Parameters<typeof openWorld>[1] = {}) =>
    openWorld(createStripeWorld, options);

  it('offers every behaviour as a valid token', () => {
    const { world, platform } = open();

    expect(world.paymentMethods.length).toBeGreaterThan(20);
    for (const method of world.paymentMethods) expect(method).toMatch(platform.tokenFormat.pattern);
  });

  it.each([
    ['pm_decline', 'insufficient_funds'],
    ['pm_decline_do_not_honor', 'do_not_honor'],
    ['pm_decline_expired_card', 'expired_card'],
    ['pm_unknown', 'resource_missing'],
  ])('declines %s with %s and replays the decline', async (method, code) => {
    const { gateway, world, chargeBy } = open();

    for (let times = 0; times < 2; times += 1)
      expect(await gateway.charge(chargeBy(method))).toMatchObject({ outcome: 'declined', code });
    expect(world.truthOf('pay-1')).toMatchObject({ captures: 0, isPending: false });
    expect(world.references()).toEqual(['pay-1']);
  });

  it('answers a slow charge at its end, and until then that its key is in use', async () => {
    const { gateway, timers, chargeBy, world } = open();
    const charge = chargeBy('pm_approve_slow');

    const ends: string[] = [];

    const first = gateway.charge(charge);
    void first.then(({ outcome }) => ends.push(outcome));
    expect(await gateway.charge(charge)).toEqual({ outcome: 'in-progress' });
    expect(ends).toEqual([]);
    expect(world.truthOf('pay-1')).toMatchObject({ captures: 0, isPending: true });
    timers.advance(delays.slowMs);

    expect(await first).toMatchObject({ outcome: 'approved' });
    expect(await gateway.charge(charge)).toMatchObject({ outcome: 'approved' });
    expect(world.truthOf('pay-1')).toMatchObject({ captures: 1, isPending: false });
  });

  it('asks the buyers of some cards on a page, whose address it knows', async () => {
    const { gateway, chargeBy, world } = open();
    const [method = ''] = world.pages.challengedMethods;
    const returnUrl = 'https://shop.example/paid';
    const outcome = await gateway.charge({ ...chargeBy(method), returnUrl });
    const url = outcome.outcome === 'requires-action' ? outcome.url : '';

    expect(world.pages.actionUrls()).toEqual([url]);
    expect(world.truthOf('pay-1')).toMatchObject({ isPending: true, isUndecided: true });
    await world.pages.decide(url, 'approve');
    expect(world.truthOf('pay-1')).toMatchObject({ captures: 1, isUndecided: false });
  });

  it('gives the payment method in the window itself', async () => {
    const { world, order } = open();

    await world.pages.closeWindow(order);
    expect(await world.pages.payInWindow(order, 'pm_approve')).toBe('pm_approve');
  });

  it('charges a rate-limited request when it is repeated', async () => {
    const { gateway, chargeBy } = open();

    expect(await gateway.charge(chargeBy('pm_rate_limited'))).toMatchObject({
      outcome: 'not-sent',
    });
    expect(await gateway.charge(chargeBy('pm_rate_limited'))).toMatchObject({
      outcome: 'approved',
    });
  });

  it.each([
    ['pm_processing', 'approved', 'payment_intent.succeeded'],
    ['pm_processing_fails', 'declined', 'payment_intent.payment_failed'],
  ])('processes %s: in progress first, %s later', async (method, outcome, type) => {
    const { gateway, timers, chargeBy, webhooks, world } = open();
    const startedAt = timers.now().getTime();

    expect(await gateway.charge(chargeBy(method))).toEqual({ outcome: 'in-progress' });
    expect(world.truthOf('pay-1')).toMatchObject({ isPending: true });
    timers.advance(delays.inProgressMs);
    expect(await gateway.inquire(chargeBy(method))).toMatchObject({ outcome });
    // A key replays the first answer, whatever has happened since.
    expect(await gateway.charge(chargeBy(method))).toEqual({ outcome: 'in-progress' });
    expect(world.truthOf('pay-1')).toMatchObject({ isPending: false });
    expect(webhooks.map((each) => [each.type, each.at - startedAt])).toEqual([
      ['payment_intent.processing', 0],
      [type, delays.inProgressMs],
    ]);
  });

  it('shows an old state in the search, and the current one by id', async () => {
    const { gateway, timers, chargeBy } = open({ delays: { ...delays, searchLagMs: 60_000 } });
    const charge = chargeBy('pm_processing');
    await gateway.charge(charge);

    expect(await gateway.inquire(charge)).toEqual({ outcome: 'not-found' });
    timers.advance(60_000);
    expect(await gateway.inquire(charge)).toEqual({ outcome: 'in-progress' });
    timers.advance(delays.inProgressMs);
    expect(await gateway.inquire(charge)).toMatchObject({ outcome: 'approved' });
  });

  it('forgets a key after its lifetime: the same charge is made again', async () => {
    const { gateway, timers, chargeBy, world } = open();

    for (const ageMs of [0, 24 * hourMs - 1, 1]) {
      timers.advance(ageMs);
      await gateway.charge(chargeBy('pm_approve'));
      expect(world.truthOf('pay-1').captures).toBe(ageMs === 1 ? 2 : 1);
    }
  });

  it.each([
    ['pm_refund_fails_later', ['refund.created', 'charge.refunded', 'refund.failed']],
    ['pm_refund_pending_fails', ['refund.created', 'charge.refunded', 'refund.failed']],
    ['pm_refund_in_progress', ['refund.created', 'charge.refunded', 'refund.updated']],
  ])('sends the events of a refund: %s', async (method, types) => {
    const { gateway, chargeBy, order, webhooks } = open();
    await gateway.charge(chargeBy(method));
    webhooks.length = 0;

    await gateway.refund({ ...order, key: 'rfd:1' });

    expect(webhooks.map(({ type }) => type)).toEqual(types);
  });

  it('loses the first refund only, if the bank returns it', async () => {
    const { gateway, chargeBy, order, timers, world } = open();
    await gateway.charge(chargeBy('pm_refund_fails_later'));

    const first = { ...order, key: 'rfd:1' };
    expect(await gateway.refund(first)).toMatchObject({ outcome: 'refunded' });
    expect(world.truthOf('pay-1')).toMatchObject({
      refunded: 4_000,
      refundKeys: ['rfd:1'],
      isPending: true,
    });
    timers.advance(delays.slowMs);
    expect(await gateway.inquireRefund(first)).toMatchObject({ outcome: 'declined' });
    await gateway.refund({ ...order, key: 'rfd:2' });

    expect(world.truthOf('pay-1')).toMatchObject({
      refunded: 4_000,
      refundKeys: ['rfd:2'],
      isPending: false,
    });
  });

  it('counts a pending refund once it is paid', async () => {
    const { gateway, chargeBy, order, timers, world } = open();
    await gateway.charge(chargeBy('pm_refund_in_progress'));
    await gateway.refund({ ...order, key: 'rfd:1' });

    expect(world.truthOf('pay-1')).toMatchObject({ refunded: 0, isPending: true });
    timers.advance(delays.inProgressMs);
    expect(world.truthOf('pay-1')).toMatchObject({ refunded: 4_000, isPending: false });
  });

  it('names our reference in the webhooks of a challenge, and only the intent in those of a dispute', async () => {
    const { gateway, order, chargeBy, webhooks, read, world } = open();
    const reference = 'pay-1-2';
    const waiting = await gateway.charge({
      ...chargeBy('pm_card_threeDSecure2Required'),
      reference,
      returnUrl: 'https://shop.example/paid',
    });
    if (waiting.outcome !== 'requires-action') throw new Error(`It is ${waiting.outcome}.`);
    world.challenges.decide(waiting.url, 'approve');
    const found = await gateway.inquire({ ...order, reference });
    const transactionId = found.outcome === 'approved' ? found.transactionId : '';
    world.disputes.close(world.disputes.open(transactionId), 'lost');

    const hints = await Promise.all(webhooks.map(read));
    expect(webhooks.map(({ type }, index) => [type, hints[index]])).toEqual([
      ['payment_intent.requires_action', { id: expect.any(String), reference }],
      ['payment_intent.succeeded', { id: expect.any(String), reference }],
      ['charge.dispute.created', { id: expect.any(String), transactionId }],
      ['charge.dispute.funds_withdrawn', { id: expect.any(String), transactionId }],
      ['charge.dispute.closed', { id: expect.any(String), transactionId }],
    ]);
    expect(new Set(webhooks.map((webhook) => webhook.reference))).toEqual(new Set([reference]));
  });

  it('names our reference in a webhook, and only the intent after a refund in the dashboard', async () => {
    const { gateway, chargeBy, webhooks, read, world, timers, platform } = open();
    const approved = await gateway.charge(chargeBy('pm_approve'));
    const transactionId = approved.outcome === 'approved' ? approved.transactionId : '';
    await world.refundByHand('pay-1', 1_500, 'by-hand');
    await world.refundByHand('pay-2', 1_500, 'of-nothing');
    timers.advance(24 * hourMs);

    const ids = webhooks.map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect(await Promise.all(webhooks.map(read))).toEqual([
      { id: ids[0], reference: 'pay-1' },
      { id: ids[1], transactionId },
      { id: ids[2], reference: 'pay-1' },
    ]);
    expect(webhooks.map(({ reference }) => reference)).toEqual(['pay-1', 'pay-1', 'pay-1']);
    expect(world.truthOf('pay-1')).toMatchObject({ refunded: 1_500, refundKeys: [] });
    const findReference = platform.openReferenceFinder({}, timings.local);
    expect(await findReference(transactionId)).toBe('pay-1');
  });
});
