import type { Clock } from '../../../../shared/domain/time.ts';
import { attemptStates, clientSecretOf, failedAttempt, intentAt } from './intent-states.ts';
import type { createIntentStore } from './payment-intents.ts';

type IntentStore = Pick<ReturnType<typeof createIntentStore>, 'get' | 'advance'>;

/** The pages on which buyers authenticate. A buyer who abandons one decides nothing. */
export const createChallenges = (clock: Clock, intents: IntentStore) => {
  /**
   * The buyer decides on the page of an intent. A decision about an intent that does not wait any more has no
   * effect. Returns where the page sends the buyer; throws if there is no such page.
   */
  const decide = (url: string, decision: 'approve' | 'decline'): string => {
    const id = new URL(url).searchParams.get('payment_intent') ?? '';
    const found = intents.get(id);
    if (found?.returnUrl === undefined || !found.behaviour) throw new Error(`No page ${url}.`);
    const now = clock.now().getTime();
    const intent = intentAt(found, now);
    if (intent.status === 'requires_action') {
      intents.advance(
        found,
        decision === 'approve'
          ? attemptStates(intent, found.behaviour, now)
          : [{ from: now, intent: failedAttempt(intent, authenticationFailure) }],
      );
    }
    const back = new URL(found.returnUrl);
    back.searchParams.set('payment_intent', id);
    back.searchParams.set('payment_intent_client_secret', clientSecretOf(id));

    return back.href;
  };

  return { decide };
};

const authenticationFailure = {
  code: 'payment_intent_authentication_failure',
  message: 'The provided PaymentMethod has failed authentication.',
};
