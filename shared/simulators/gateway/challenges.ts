import {
  isWaiting,
  type SimulatorAccount,
  type SimulatorChallenge,
  type SimulatorCharge,
} from './account.ts';
import type { Behaviour, ChallengeBehaviour } from './behaviours.ts';

/** The id of a page: the reference, to find the charge by, after a part that cannot be guessed. */
export const challengeIdOf = (reference: string, randomId: string): string =>
  `${randomId}.${reference}`;

export const referenceOfChallenge = (id: string): string => id.slice(id.indexOf('.') + 1);

/** The path of a request as it may be logged: the page's id is all that a browser needs to decide. */
export const withoutChallengeId = (path: string): string =>
  path.replace(/^\/challenge\/.*/, '/challenge/{id}');

/** A challenge, its charge, and what the buyer has done or can still do. */
export interface FoundChallenge {
  readonly charge: SimulatorCharge;
  readonly challenge: SimulatorChallenge;
  readonly decisions: ChallengeBehaviour['decisions'];
  readonly state: 'undecided' | 'approved' | 'declined' | 'cancelled' | 'expired';
}

/** The challenge of an account by the id of its page. */
export const findChallenge = (
  { charges }: SimulatorAccount,
  id: string,
  behaviourOf: (paymentMethod: string) => Behaviour | undefined,
  now: number,
): FoundChallenge | undefined => {
  const charge = charges.find(({ challenge }) => challenge?.id === id);
  if (!charge?.challenge) return undefined;
  const { challenge, effect, paymentMethod } = charge;
  const decisions = behaviourOf(paymentMethod)?.challenge?.decisions ?? 'while-waiting';
  const stateOf = (): FoundChallenge['state'] => {
    if (challenge.decidedAt !== undefined) return effect === 'captured' ? 'approved' : 'declined';
    if (isWaiting(charge, now) || decisions === 'always') return 'undecided';

    return effect === 'waiting' ? 'expired' : 'cancelled';
  };

  return { charge, challenge, decisions, state: stateOf() };
};

/** The account after the buyer's decision. The account of a page that never decides is returned unchanged. */
export const decideChallenge = (
  account: SimulatorAccount,
  { charge, challenge, decisions }: FoundChallenge,
  decision: 'approve' | 'decline',
  now: number,
): SimulatorAccount => {
  if (decisions === 'never') return account;
  const decided: SimulatorCharge = {
    ...charge,
    effect: decision === 'approve' ? 'captured' : 'declined',
    settlesAt: now,
    challenge: { ...challenge, decidedAt: now },
  };

  return {
    ...account,
    charges: account.charges.map((each) => (each === charge ? decided : each)),
  };
};
