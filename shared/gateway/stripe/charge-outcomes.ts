import { ambiguous, compared } from '../outcomes.ts';
import type {
  Ambiguous,
  CancelOutcome,
  ChargeOutcome,
  ChargeReference,
  NotFound,
  NotSent,
} from '../payment-gateway.ts';
import { type Told, unclear, unreadable } from './client.ts';
import { chargeDecline, declined, unfinished } from './decline-codes.ts';
import { type Intent, intentAnswer, searchAnswer, timeOf } from './protocol.ts';

export const chargeOutcome = (told: Told, asked: ChargeReference): ChargeOutcome => {
  if ('outcome' in told) return told;
  if (told.kind === 'refused') return declined(told, chargeDecline(told)) ?? unfinished(told);

  const intent = intentIn(told);

  return 'outcome' in intent ? intent : stateOf(intent, asked);
};

/** The one PaymentIntent of our reference that says most: money before work in progress before refusals. */
export const foundIntent = (
  told: Told,
  reference: string,
): Intent | NotFound | NotSent | Ambiguous => {
  if ('outcome' in told) return told;
  if (told.kind === 'refused') return unclear(told, told.code);

  const page = searchAnswer.safeParse(told.body).data;
  if (!page) return unreadable;
  // The index ignores case: only the metadata itself tells whose it is.
  const ours = page.data.filter(({ metadata }) => metadata.reference === reference);
  const rank = ({ status }: Intent) => telling.indexOf(status);

  return ours.sort((a, b) => rank(b) - rank(a))[0] ?? { outcome: 'not-found' };
};

const telling = ['requires_action', 'requires_capture', 'processing', 'succeeded'];

/** `refunded` is what was given back of it, where that was asked for. */
export const stateOf = (intent: Intent, asked: ChargeReference, refunded?: number) => {
  const { id, status, amount_received, currency, created, metadata } = intent;
  const { last_payment_error: error } = intent;

  switch (status) {
    case 'succeeded':
      return compared(
        {
          transactionId: id,
          approvedAt: timeOf(created),
          reference: metadata.reference ?? '',
          amount: amount_received,
          currency: currency.toUpperCase(),
          ...(refunded !== undefined && { refunded }),
        },
        asked,
      );
    case 'processing':
      return { outcome: 'in-progress' } as const;
    case 'canceled':
      return {
        outcome: 'declined',
        code: 'canceled',
        reason: 'The PaymentIntent was canceled.',
      } as const;
    case 'requires_payment_method': {
      // Where a confirmation failed, and nowhere else, the code of an error stands beside this status.
      const code = error?.decline_code ?? error?.code;
      if (code) return { outcome: 'declined', code, reason: error?.message ?? code } as const;
    }
  }

  return { outcome: 'ambiguous', reason: `PaymentIntent ${id} is ${status}` } as const;
};

/** What an intent was, or became when it was asked to be cancelled. */
export const cancelOutcome = ({ id, status }: Intent): CancelOutcome | undefined => {
  switch (status) {
    case 'succeeded':
      return { outcome: 'already-captured', transactionId: id };
    case 'processing':
      return { outcome: 'in-progress' };
    case 'canceled':
      return { outcome: 'cancelled' };
  }
};

export const cancelledOutcome = (told: Told): CancelOutcome => {
  if ('outcome' in told) return told;
  if (told.kind === 'refused') return unfinished(told);

  const intent = intentIn(told);
  if ('outcome' in intent) return intent;

  return cancelOutcome(intent) ?? ambiguous(`PaymentIntent ${intent.id} is ${intent.status}`);
};

/** Our blank took the charge's key, or it did not: then the charge itself was there first. */
export const closedOutcome = (told: Told, reference: string): CancelOutcome => {
  if ('outcome' in told) return told;
  if (told.kind === 'refused') {
    return told.type === 'idempotency_error' && told.status === 400
      ? ambiguous('its key was used, and no search finds the charge yet')
      : unfinished(told);
  }

  const intent = intentIn(told);
  if ('outcome' in intent) return intent;

  return intent.metadata.closes === reference
    ? { outcome: 'cancelled' }
    : ambiguous(`its key belongs to PaymentIntent ${intent.id}`);
};

/** The intent that was asked for by its own id, if it carries our reference. */
export const ownIntent = (told: Told, reference: string): Intent | NotSent | Ambiguous => {
  if ('outcome' in told) return told;
  if (told.kind === 'refused') return unclear(told, told.code);
  const intent = intentIn(told);
  if ('outcome' in intent || intent.metadata.reference === reference) return intent;

  return ambiguous(`PaymentIntent ${intent.id} carries another reference`);
};

const intentIn = ({ body }: Extract<Told, { kind: 'told' }>): Intent | Ambiguous =>
  intentAnswer.safeParse(body).data ?? unreadable;
