import { beforeEach, describe, expect, it } from 'vitest';
import type { ChargeRequest, RequiresAction } from '../payment-gateway.ts';
import type { ChallengeDecision, ChallengeScenario, Harness } from './harness.ts';

/** The contract of a charge that waits for the buyer's authentication. */
export const describeChallenge = ({ pg, gateway, aCharge }: Harness): void => {
  describe('challenge', () => {
    beforeEach(({ skip }) => skip(!pg().hasChallenge, 'The gateway has no challenge.'));

    const waitingCharge = async (scenario: ChallengeScenario) => {
      const charge = { ...aCharge(scenario), returnUrl: 'https://shop.example/paid' };
      const outcome = await gateway().charge(charge);
      expect(outcome).toMatchObject({ outcome: 'requires-action' });

      return { charge, action: outcome as RequiresAction };
    };
    const decide = async (
      { reference }: ChargeRequest,
      { url }: RequiresAction,
      decision: ChallengeDecision,
    ): Promise<void> => {
      const challenge = pg();
      if (challenge.hasChallenge) await challenge.decideChallenge(reference, url, decision);
    };

    it.each(['challenge-approve', 'challenge-decline', 'challenge-abandon'] as const)(
      'returns requires-action with the page for the buyer, and captures nothing: %s',
      async (scenario) => {
        const { charge, action } = await waitingCharge(scenario);

        expect(new URL(action.url).protocol).toMatch(/^https?:$/);
        expect(await gateway().charge(charge)).toEqual(action);
        expect(await gateway().inquire(charge)).toEqual(action);
        expect(await pg().readState(charge.reference)).toMatchObject({ captured: [] });
      },
    );

    it('captures once after the buyer approves', async () => {
      const { charge, action } = await waitingCharge('challenge-approve');

      await decide(charge, action, 'approve');

      const approved = { outcome: 'approved', captured: 12_500 };
      expect(await gateway().inquire(charge)).toMatchObject(approved);
      expect(await gateway().charge(charge)).toMatchObject({ outcome: 'approved' });
      expect(await gateway().cancel(charge)).toMatchObject({ outcome: 'already-captured' });
      expect(await pg().readState(charge.reference)).toMatchObject({ captured: [12_500] });
    });

    it('returns declined after the buyer declines', async () => {
      const { charge, action } = await waitingCharge('challenge-decline');

      await decide(charge, action, 'decline');

      expect(await gateway().inquire(charge)).toMatchObject({
        outcome: 'declined',
        buyerCode: 'authentication-failed',
      });
      expect(await pg().readState(charge.reference)).toMatchObject({ captured: [] });
    });

    it('waits until it is cancelled if the buyer abandons it, and is never captured', async () => {
      const { charge, action } = await waitingCharge('challenge-abandon');

      expect(await gateway().cancel(charge)).toEqual({ outcome: 'cancelled' });
      expect(await gateway().cancel(charge)).toEqual({ outcome: 'cancelled' });
      await decide(charge, action, 'approve');

      const found = await gateway().inquire(charge);
      expect([
        { outcome: 'not-found' },
        expect.objectContaining({ outcome: 'declined', isCancelled: true }),
      ]).toContainEqual(found);
      expect(await pg().readState(charge.reference)).toMatchObject({ captured: [] });
    });
  });
};
