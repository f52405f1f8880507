import { describe, expect, it } from 'vitest';
import { windowTokenOf } from '../../../../shared/simulators/gateway/window-token.ts';
import { aSimulator } from './webhook-harness.ts';

describe('webhooks of a challenge and of the window', () => {
  it.each([
    ['sim_challenge', 'Approve', ['charge.done']],
    ['sim_challenge', 'Decline', ['charge.aborted']],
    ['sim_challenge_twice', 'Approve', ['charge.done', 'charge.done']],
    ['sim_challenge_twice', 'Decline', ['charge.aborted', 'charge.aborted']],
    ['sim_challenge_abandoned', 'Approve', []],
  ])('sends nothing while %s waits, and after %s %j', async (paymentMethod, button, types) => {
    const pg = await aSimulator();
    const page = await pg.openChallenge(paymentMethod);
    await pg.advance(60_000);
    const before = pg.webhooks();

    await page.press(button);
    await page.press(button);
    await pg.advance(0);

    expect(before).toEqual([]);
    expect(pg.webhooks().map(([, type]) => type)).toEqual(types);
    expect(new Set(pg.webhooks().map(([id]) => id)).size).toBe(Math.min(types.length, 1));
  });

  it('sends charge.aborted for a cancelled challenge, and charge.done for its late capture', async () => {
    const pg = await aSimulator();
    const page = await pg.openChallenge('sim_challenge_late');

    await pg.cancel();
    await page.press('Approve');
    await pg.advance(0);

    expect(pg.webhooks().map(([, type]) => type)).toEqual(['charge.aborted', 'charge.done']);
  });

  it('sends charge.aborted for a payment method of the window for another order', async () => {
    const pg = await aSimulator();

    await pg.charge(
      windowTokenOf('sim_approve', { reference: 'p-2', amount: 1_000, currency: 'KRW' }),
    );
    await pg.advance(0);

    expect(pg.webhooks().map(([, type]) => type)).toEqual(['charge.aborted']);
  });
});
