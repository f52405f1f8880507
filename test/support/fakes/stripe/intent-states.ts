import type { Intent } from '../../../../shared/gateway/stripe/protocol.ts';
import type { StripeBehaviour } from './behaviours.ts';
import { errorResponse, parseMetadata } from './responses.ts';

/** What an intent is from a time on, epoch ms. */
export interface IntentState {
  readonly from: number;
  readonly intent: Intent;
}

export interface StoredIntent {
  readonly id: string;
  /** The reference in its metadata. */
  readonly reference: string;
  readonly behaviour: StripeBehaviour | undefined;
  readonly at: number;
  /** In order of time; the last ones may be in the future. */
  readonly states: readonly [IntentState, ...IntentState[]];
  readonly returnUrl?: string;
}

/** The intent as it was at a time, or as it was created if it is younger. */
export const intentAt = ({ states }: StoredIntent, at: number): Intent =>
  (states.findLast(({ from }) => from <= at) ?? states[0]).intent;

export const canceledAtOf = ({ states }: StoredIntent): number | undefined =>
  states.find(({ intent }) => intent.status === 'canceled')?.from;

/** When the last known change of the intent happens. */
export const settlesAtOf = ({ states, at }: StoredIntent): number => states.at(-1)?.from ?? at;

export const chargeIdOf = ({ id }: Pick<Intent, 'id'>): string => id.replace('pi_', 'ch_');

export const clientSecretOf = (id: string): string => `${id}_secret_${id.slice(-8)}`;

/** An unconfirmed PaymentIntent from the form fields of its request. */
export const intentFromForm = (params: URLSearchParams, created: number, id = '1'): Intent => ({
  object: 'payment_intent',
  id: `pi_${id}`,
  status: 'requires_payment_method',
  amount: Number(params.get('amount')),
  amount_received: 0,
  currency: params.get('currency') ?? '',
  created,
  metadata: parseMetadata(params),
  last_payment_error: null,
  automatic_payment_methods: {
    allow_redirects: params.get('automatic_payment_methods[allow_redirects]') ?? 'always',
  },
  next_action: null,
});

/** What an attempt to charge leads to: a capture or a decline, while it is processed until then. */
export const attemptStates = (
  blank: Intent,
  { effect, errorCode, declineCode, amountOff, settlesAfterMs }: StripeBehaviour,
  from: number,
): [IntentState, ...IntentState[]] => {
  const amount = blank.amount + amountOff;
  const decline = { code: errorCode, ...(declineCode && { decline_code: declineCode }) };
  const intent: Intent =
    effect === 'declined'
      ? failedAttempt(blank, { ...decline, message: 'Declined.' })
      : { ...blank, status: 'succeeded', amount, amount_received: amount, next_action: null };
  const settled = { from: from + settlesAfterMs, intent };
  if (settlesAfterMs === 0) return [settled];
  const processing = { ...intent, status: 'processing', amount_received: 0 };

  return [{ from, intent: { ...processing, last_payment_error: null } }, settled];
};

export const failedAttempt = (
  intent: Intent,
  error: NonNullable<Intent['last_payment_error']>,
): Intent => ({
  ...intent,
  status: 'requires_payment_method',
  last_payment_error: error,
  next_action: null,
});

/** The intent waits until the buyer has authenticated on the page of the redirect. */
export const waitingIntent = (blank: Intent): Intent => ({
  ...blank,
  status: 'requires_action',
  last_payment_error: null,
  next_action: {
    redirect_to_url: {
      url: `https://hooks.stripe.com/3d_secure_2/hosted?payment_intent=${blank.id}`,
    },
  },
});

export const cardErrorResponse = (intent: Intent) =>
  errorResponse(402, { type: 'card_error', ...intent.last_payment_error, payment_intent: intent });

/** The intent is in a status in which this request is not possible. */
export const unexpectedStateResponse = (intent: Intent, done: string, possible: string) =>
  errorResponse(400, {
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message:
      `This PaymentIntent could not be ${done} because it has a status of ${intent.status}. ` +
      `Only a PaymentIntent with one of the following statuses may be ${done}: ${possible}.`,
    payment_intent: intent,
  });
