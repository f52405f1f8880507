import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStripeWorld } from '../../../simulation/gateways/stripe.ts';
import { delays, openWorld } from '../../simulation/gateways/harness.ts';
import { challengedCharge } from './harness.ts';

const lagMs = 60_000;

/** What the service asks, what the buyer does on the page and in the browser, and time that passes. */
const steps = [
  'charge',
  'inquire',
  'inquire-by-id',
  'cancel',
  'cancel-by-id',
  'approve',
  'decline',
  'confirm-again',
  'confirm-slowly',
  'pass-time',
] as const;

const paymentMethods = [
  'pm_card_authenticationRequired',
  'pm_card_authenticationRequiredChargeDeclinedInsufficientFunds',
] as const;

describe('a challenged charge at Stripe', () => {
  it('captures at most once, and never after it is declined or cancelled', async () => {
    const outcomes = new Set<string>();

    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...steps), { minLength: 1, maxLength: 12 }),
        fc.constantFrom(...paymentMethods),
        fc.constantFrom(0, lagMs),
        async (taken, paymentMethod, searchLagMs) => {
          const { world, gateway, timers } = openWorld(createStripeWorld, {
            delays: { ...delays, searchLagMs },
          });
          const charge = { ...challengedCharge, paymentMethod };
          const waiting = await gateway.charge(charge);
          if (waiting.outcome !== 'requires-action') throw new Error('The charge does not wait.');
          const { url, transactionId = '' } = waiting;
          const byId = { ...charge, transactionId };
          const confirmBy = (method: string) =>
            world.serve({
              method: 'POST',
              path: `/v1/payment_intents/${transactionId}/confirm`,
              query: {},
              headers: {},
              body: `payment_method=${method}&return_url=https%3A%2F%2Fshop.example`,
            });
          const take: Record<(typeof steps)[number], () => unknown> = {
            charge: () => gateway.charge(charge),
            inquire: () => gateway.inquire(charge),
            'inquire-by-id': () => gateway.inquire(byId),
            cancel: () => gateway.cancel(charge),
            'cancel-by-id': () => gateway.cancel(byId),
            approve: () => world.challenges.decide(url, 'approve'),
            decline: () => world.challenges.decide(url, 'decline'),
            'confirm-again': () => confirmBy('pm_card_visa'),
            'confirm-slowly': () => confirmBy('pm_processing'),
            'pass-time': () => timers.advance(lagMs),
          };

          let mustStayUncaptured = false;
          for (const each of taken) {
            const { outcome }: { readonly outcome?: string } = Object(await take[each]());
            if (outcome !== undefined) outcomes.add(outcome);
            if (outcome === 'declined' || outcome === 'cancelled') mustStayUncaptured = true;
            const { captured } = world.stateOf(charge.reference);
            if (outcome === 'approved' || outcome === 'already-captured') {
              expect(captured).toEqual([charge.amount]);
            }
            expect(captured.length).toBeLessThanOrEqual(mustStayUncaptured ? 0 : 1);
          }
        },
      ),
      { numRuns: 200 },
    );

    expect([...outcomes].toSorted()).toEqual([
      'already-captured',
      'ambiguous',
      'approved',
      'cancelled',
      'declined',
      'in-progress',
      'not-found',
      'requires-action',
    ]);
  });
});
