import { declinedCharge } from '../decline-table.ts';
import { ambiguous, ambiguousStatus, approvedOrMismatch } from '../outcomes.ts';
import type {
  Ambiguous,
  CancelOutcome,
  ChargeOutcome,
  ChargeReference,
  NotFound,
  NotSent,
} from '../payment-gateway.ts';
import { type StripeResponse, unreadableResponse } from './client.ts';
import { chargeDeclineCode, inProgressOrAmbiguous } from './decline-codes.ts';
import { stripeDeclineTable } from './decline-table.ts';
import { type Intent, intentResponse, intentSearchResponse, isoTimeOf } from './protocol.ts';

export const chargeOutcome = (
  response: StripeResponse,
  expected: ChargeReference,
): ChargeOutcome => {
  if ('outcome' in response) return response;
  if (response.kind === 'rejected') {
    const code = chargeDeclineCode(response);

    return code === undefined
      ? inProgressOrAmbiguous(response)
      : declinedCharge(stripeDeclineTable, code, response.message);
  }

  const intent = parseIntent(response);

  return 'outcome' in intent ? intent : intentOutcome(intent, expected);
};

/** The most advanced PaymentIntent of our reference: captured before in progress before declined. */
export const findIntent = (
  response: StripeResponse,
  reference: string,
): Intent | NotFound | NotSent | Ambiguous => {
  if ('outcome' in response) return response;
  if (response.kind === 'rejected') return ambiguousStatus(response.status, response.code);

  const page = intentSearchResponse.safeParse(response.body).data;
  if (!page) return unreadableResponse;
  // The index ignores case: only the metadata identifies our reference.
  const ours = page.data.filter(({ metadata }) => metadata.reference === reference);
  const rank = ({ status }: Intent) => statusPrecedence.indexOf(status);

  return ours.sort((a, b) => rank(b) - rank(a))[0] ?? { outcome: 'not-found' };
};

const statusPrecedence = ['requires_action', 'requires_capture', 'processing', 'succeeded'];

/** `refunded` is the refunded amount of the intent, if the caller has read it. */
export const intentOutcome = (intent: Intent, expected: ChargeReference, refunded?: number) => {
  const { id, status, amount_received, currency, created, metadata } = intent;
  const { last_payment_error: error } = intent;

  switch (status) {
    case 'succeeded':
      return approvedOrMismatch(
        {
          transactionId: id,
          approvedAt: isoTimeOf(created),
          reference: metadata.reference ?? '',
          amount: amount_received,
          currency: currency.toUpperCase(),
          ...(refunded !== undefined && { refunded }),
        },
        expected,
      );
    case 'processing':
      return { outcome: 'in-progress' } as const;
    case 'canceled':
      return declinedCharge(stripeDeclineTable, 'canceled', 'The PaymentIntent was canceled.');
    case 'requires_payment_method': {
      // The intent has an error code in this status only if a confirmation failed.
      const code = error?.decline_code ?? error?.code;
      if (code) return declinedCharge(stripeDeclineTable, code, error?.message ?? code);
    }
  }

  return { outcome: 'ambiguous', reason: `PaymentIntent ${id} is ${status}` } as const;
};

/** The outcome of a cancellation by the status of the intent; undefined if the status does not decide it. */
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

export const cancelledOutcome = (response: StripeResponse): CancelOutcome => {
  if ('outcome' in response) return response;
  if (response.kind === 'rejected') return inProgressOrAmbiguous(response);

  const intent = parseIntent(response);
  if ('outcome' in intent) return intent;

  return cancelOutcome(intent) ?? ambiguous(`PaymentIntent ${intent.id} is ${intent.status}`);
};

/** Cancelled if our closing intent took the charge's key; otherwise the charge was first. */
export const closedReferenceOutcome = (
  response: StripeResponse,
  reference: string,
): CancelOutcome => {
  if ('outcome' in response) return response;
  if (response.kind === 'rejected') {
    return response.type === 'idempotency_error' && response.status === 400
      ? ambiguous('idempotency key already used; charge not in the search index yet')
      : inProgressOrAmbiguous(response);
  }

  const intent = parseIntent(response);
  if ('outcome' in intent) return intent;

  return intent.metadata.closes === reference
    ? { outcome: 'cancelled' }
    : ambiguous(`its key belongs to PaymentIntent ${intent.id}`);
};

/** The intent of a lookup by its id, if it carries our reference. */
export const verifyIntentReference = (
  response: StripeResponse,
  reference: string,
): Intent | NotSent | Ambiguous => {
  if ('outcome' in response) return response;
  if (response.kind === 'rejected') return ambiguousStatus(response.status, response.code);
  const intent = parseIntent(response);
  if ('outcome' in intent || intent.metadata.reference === reference) return intent;

  return ambiguous(`PaymentIntent ${intent.id} carries another reference`);
};

const parseIntent = ({ body }: Extract<StripeResponse, { kind: 'ok' }>): Intent | Ambiguous =>
  intentResponse.safeParse(body).data ?? unreadableResponse;
