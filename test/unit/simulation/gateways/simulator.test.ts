import { describe, expect, it } from 'vitest';
import { describePaymentGateway } from '../../../../shared/gateway/conformance/payment-gateway-suite.ts';
import { createSimulatorGateway } from '../../../../shared/gateway/simulator/adapter.ts';
import { createSimulatorChargeList } from '../../../../shared/gateway/simulator/charge-list.ts';
import { createSimulatorGatewayWorld } from '../../../simulation/gateways/simulator.ts';
import { createPlainBrowser } from '../../../support/fakes/browser.ts';
import {
  decideSimulatorChallenge,
  openSimulatorWindow,
  simulatorMethodFor,
} from '../../../support/fakes/simulator-pages.ts';
import { hourMs, openWorld, underTest } from './harness.ts';

describePaymentGateway('the simulator in the simulation', async () => {
  const opened = openWorld(createSimulatorGatewayWorld);
  const { timers, exchange } = opened;
  const browser = createPlainBrowser(opened.world.serve);
  const common = underTest(opened);
  const { timeoutMs } = common;

  return {
    ...common,
    url: 'http://simulator.test',
    paymentMethod: simulatorMethodFor,
    declineCode: 'insufficient_funds',
    unchargedCancelOutcome: 'cancelled',
    reportsRefundedOnCharge: true,
    keepsDeclinedRefunds: true,
    hasChallenge: true,
    decideChallenge: decideSimulatorChallenge(browser),
    gatewayAt: (url) => createSimulatorGateway({ url, timeoutMs, timers, exchange }),
    chargeListAt: (url) =>
      createSimulatorChargeList({ url, timeoutMs, timers, exchange, pageSize: 2 }),
    openWindow: openSimulatorWindow(browser, 'http://simulator.test/window'),
  };
});

describe('the simulator in the simulation', () => {
  const open = () => openWorld(createSimulatorGatewayWorld);

  it('offers every behaviour as a valid token', () => {
    const { world, platform } = open();

    expect(world.paymentMethods).toContain('sim_decline_late_approve');
    for (const method of world.paymentMethods) expect(method).toMatch(platform.tokenFormat.pattern);
  });

  it('knows what it has done: captures, refunds by key, and what is pending', async () => {
    const { world, gateway, timers, order, chargeBy } = open();
    expect(world.truthOf('pay-1')).toEqual({
      captures: 0,
      captured: 0,
      refunded: 0,
      refundKeys: [],
      isPending: false,
      isUndecided: false,
    });

    await gateway.charge(chargeBy('sim_refund_fails_later'));
    await gateway.refund({ ...order, amount: 1_000, key: 'rfd:1' });
    await gateway.refund({ ...order, amount: 500, key: 'rfd:2' });

    const early = { captures: 1, captured: 4_000, refunded: 1_500, refundKeys: ['rfd:1', 'rfd:2'] };
    expect(world.truthOf('pay-1')).toEqual({ ...early, isPending: true, isUndecided: false });
    timers.advance(5_000);
    expect(world.truthOf('pay-1')).toEqual({
      ...early,
      refunded: 500,
      refundKeys: ['rfd:2'],
      isPending: false,
      isUndecided: false,
    });
    expect(world.references()).toEqual(['pay-1']);
  });

  it('is pending until a late capture, whatever it answered', async () => {
    const { world, gateway, timers, chargeBy } = open();

    const outcome = await gateway.charge(chargeBy('sim_decline_late_approve'));

    expect(outcome).toMatchObject({ outcome: 'declined' });
    expect(world.truthOf('pay-1')).toMatchObject({ captures: 0, isPending: true });
    timers.advance(20_000);
    expect(world.truthOf('pay-1')).toMatchObject({ captures: 1, isPending: false });
  });

  it('is pending while a charge waits for its buyer, until it expires', async () => {
    const { world, gateway, timers, chargeBy } = open();

    await gateway.charge(chargeBy('sim_challenge'));

    timers.advance(599_999);
    expect(world.truthOf('pay-1')).toMatchObject({ isPending: true, isUndecided: true });
    timers.advance(1);
    expect(world.truthOf('pay-1')).toMatchObject({ isPending: false, isUndecided: false });
  });

  it.each([undefined, 'https://shop.example/paid'])(
    'gives a payment method of the window for one order, with the return URL %s',
    async (returnUrl) => {
      const { world, gateway, order, platform } = open();
      const { url = '' } = platform.openCheckout({});
      const query = new URLSearchParams({
        ...{ reference: order.reference, amount: '4000', currency: 'KRW' },
        ...(returnUrl && { returnUrl }),
      });
      const window = { ...order, url: `${url}?${query}` };

      await world.pages.closeWindow(window);
      const paymentMethod = await world.pages.payInWindow(window, 'sim_decline_limit');

      expect(world.methodOf(paymentMethod)).toBe('sim_decline_limit');
      expect(await gateway.charge({ ...order, key: 'chg:1', paymentMethod })).toMatchObject({
        outcome: 'declined',
        code: 'limit_exceeded',
      });
    },
  );

  it('opens no window without its address', async () => {
    const { world, order } = open();

    await expect(world.pages.payInWindow(order, 'sim_approve')).rejects.toThrow('has no address');
  });

  it('lets the buyer decide on the page of a charge, whose address it knows', async () => {
    const { world, gateway, chargeBy } = open();
    expect(world.pages.challengedMethods).toContain('sim_challenge_late');
    const outcome = await gateway.charge(chargeBy('sim_challenge'));
    const url = outcome.outcome === 'requires-action' ? outcome.url : '';

    expect(world.pages.actionUrls()).toEqual([url]);
    await world.pages.decide(url, 'approve');
    await world.pages.decide(url, 'decline');
    expect(world.truthOf('pay-1')).toMatchObject({ captures: 1, isUndecided: false });
  });

  it('knows when it cancelled a reference', async () => {
    const { world, gateway, timers, order } = open();

    await gateway.cancel(order);

    expect(world.truthOf('pay-1')).toMatchObject({ cancelledAt: timers.now().getTime() });
  });

  it('forgets a key: the same charge and the same refund are done again', async () => {
    const { world, gateway, timers, order, chargeBy } = open();
    const charge = chargeBy('sim_approve');
    const refund = { ...order, amount: 1_000, key: 'rfd:1' };

    for (const ageMs of [0, 24 * hourMs - 1, 1]) {
      timers.advance(ageMs);
      await gateway.charge(charge);
      await gateway.refund(refund);
      const times = ageMs === 1 ? 2 : 1;
      expect(world.truthOf('pay-1')).toMatchObject({
        captures: times,
        refunded: times * 1_000,
        refundKeys: Array(times).fill('rfd:1'),
      });
    }
    expect(await gateway.inquireRefund(refund)).toMatchObject({ outcome: 'refunded' });
  });

  it('hands out signed webhooks that our receiver reads', async () => {
    const { webhooks, gateway, timers, chargeBy, read } = open();

    await gateway.charge(chargeBy('sim_webhook_late'));

    const [webhook] = webhooks;
    expect(webhooks).toHaveLength(1);
    expect(webhook).toMatchObject({
      type: 'charge.done',
      reference: 'pay-1',
      at: timers.now().getTime() + 5_000,
    });
    timers.advance(48 * hourMs);
    expect(webhook && (await read(webhook))).toEqual({ id: webhook?.id, reference: 'pay-1' });
  });

  it('refunds by hand, which is not a refund of ours', async () => {
    const { world, webhooks, gateway, chargeBy } = open();
    await gateway.charge(chargeBy('sim_approve'));

    await world.refundByHand('pay-1', 1_500, 'by-hand');
    await world.refundByHand('pay-1', 3_000, 'too-much');
    await world.refundByHand('pay-2', 1, 'of-nothing');

    expect(world.truthOf('pay-1')).toMatchObject({ refunded: 1_500, refundKeys: [] });
    expect(webhooks.map(({ type }) => type)).toEqual(['charge.done', 'refund.done']);
  });
});
