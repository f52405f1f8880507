import { describe, expect, it, vi } from 'vitest';
import { timings } from '../../../../shared/domain/timings.ts';
import type { ExchangeRequest } from '../../../../shared/gateway/exchange.ts';
import { createSimulatorGatewayWorld } from '../../../simulation/gateways/simulator.ts';
import { createStripeWorld } from '../../../simulation/gateways/stripe.ts';
import { createTossWorld } from '../../../simulation/gateways/toss.ts';
import { openWorld } from './harness.ts';

describe.each([
  ['the simulator', createSimulatorGatewayWorld, 'sim_approve', 'sim_decline'],
  ['Stripe', createStripeWorld, 'pm_approve', 'pm_decline'],
  ['Toss', createTossWorld, 'toss_approve', 'toss_decline'],
])('%s in the simulation', (_name, create, approve, decline) => {
  /** Everything that the adapter sends and returns, and every webhook. */
  const run = async () => {
    const { world, exchange, timers, webhooks, order, chargeBy, read } = openWorld(
      create,
      {},
      'pay-01',
    );
    const sent: ExchangeRequest[] = [];
    const platform = world.platform({
      timers,
      exchange: (request, given) => {
        sent.push(request);

        return exchange(request, given);
      },
    });
    const gateway = platform.openGateway({}, timings.local);
    const refund = { ...order, amount: 1_000, key: 'rfd:1' };
    const other = { reference: 'pay-02', amount: 500, currency: 'KRW' };
    const results = [
      await gateway.charge(chargeBy(approve)),
      await gateway.refund(refund),
      await gateway.inquire(order),
      await gateway.inquireRefund(refund),
      await gateway.cancel(order),
      await gateway.charge({
        ...other,
        key: 'chg:pay-02:1',
        paymentMethod: world.checkout(decline, other),
      }),
      await Array.fromAsync(platform.openChargeList({}, timings.local).charges()),
      await Promise.all(webhooks.map(read)),
    ];

    return JSON.stringify({
      sent,
      results,
      webhooks: webhooks.map((webhook) => ({ ...webhook, ...webhook.request(timers.now()) })),
      truth: world.references().map(world.truthOf),
    });
  };

  it('does the same to the last byte in every run', async () => {
    expect(await run()).toBe(await run());
  });

  it('waits for nothing but promises: no timer, no network, no thread pool', async () => {
    const timer = vi.spyOn(globalThis, 'setTimeout');
    let isDone = false;

    void run().then(() => {
      isDone = true;
    });
    await new Promise<void>((resolve) => setImmediate(resolve));

    expect(isDone).toBe(true);
    expect(timer).not.toHaveBeenCalled();
    timer.mockRestore();
  });
});
