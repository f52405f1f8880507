import { declinedCharge } from '../decline-table.ts';
import { ambiguous, approvedOrMismatch } from '../outcomes.ts';
import type {
  Ambiguous,
  CancelOutcome,
  CapturedAmounts,
  ChargeOutcome,
  ChargeReference,
  DeclinedCharge,
  NotFound,
  NotSent,
} from '../payment-gateway.ts';
import { parseLookup, type StripeResponse, unreadableResponse } from './client.ts';
import { chargeDeclineCode, inProgressOrAmbiguous } from './decline-codes.ts';
import { stripeDeclineTable } from './decline-table.ts';
import { type Intent, intentResponse, intentSearchResponse, isoTimeOf } from './protocol.ts';

/** The confirmed intent, or the outcome if there is none: a rejection proves a decline only if it is documented. */
export const confirmedIntent = (response: StripeResponse): Intent | ChargeOutcome => {
  if ('outcome' in response) return response;
  if (response.kind === 'rejected') {
    const code = chargeDeclineCode(response);

    return code === undefined
      ? inProgressOrAmbiguous(response)
      : declinedCharge(stripeDeclineTable, code, response.message);
  }

  return parseIntent(response);
};

/** The most advanced PaymentIntent of our reference: captured before in progress before declined. */
export const selectIntent = (
  response: StripeResponse,
  reference: string,
): Intent | NotFound | NotSent | Ambiguous => {
  const page = parseLookup(response, intentSearchResponse);
  if ('outcome' in page) return page;
  // The index ignores case: only the metadata identifies our reference.
  const ours = page.data.filter(({ metadata }) => metadata.reference === reference);
  const rank = ({ status }: Intent) => statusPrecedence.indexOf(status);

  return ours.sort((a, b) => rank(b) - rank(a))[0] ?? { outcome: 'not-found' };
};

const statusPrecedence = ['requires_action', 'requires_capture', 'processing', 'succeeded'];

/** `read` is what the caller has read about a captured intent besides the intent itself. */
export const intentOutcome = (
  intent: Intent,
  expected: ChargeReference,
  read: Pick<CapturedAmounts, 'refunded' | 'dispute'> = {},
): ChargeOutcome => {
  const { id, status, amount_received, currency, created, metadata, next_action } = intent;

  switch (status) {
    case 'succeeded':
      return approvedOrMismatch(
        {
          transactionId: id,
          approvedAt: isoTimeOf(created),
          reference: metadata.reference ?? '',
          amount: amount_received,
          currency: currency.toUpperCase(),
          ...read,
        },
        expected,
      );
    case 'processing':
      return { outcome: 'in-progress' };
    case 'requires_action': {
      const url = next_action?.redirect_to_url?.url;

      return url === undefined
        ? unsupportedAction
        : { outcome: 'requires-action', url, transactionId: id };
    }
    case 'canceled':
      return failedAttemptOutcome(intent) ?? canceledOutcome;
    case 'requires_payment_method': {
      const declined = failedAttemptOutcome(intent);
      if (declined) return declined;
    }
  }

  return ambiguous(`PaymentIntent ${id} is ${status}`);
};

/** The decline of the last confirmation; undefined if the intent was never confirmed, or waits for the buyer. */
const failedAttemptOutcome = ({ last_payment_error: error }: Intent) => {
  const code = error?.decline_code ?? error?.code;

  return code ? declinedCharge(stripeDeclineTable, code, error?.message ?? code) : undefined;
};

const canceledOutcome: DeclinedCharge = {
  ...declinedCharge(stripeDeclineTable, 'canceled', 'The PaymentIntent was canceled.'),
  isCancelled: true,
};

const unsupportedAction = declinedCharge(
  stripeDeclineTable,
  'action_not_supported',
  'The payment method asks the buyer for something other than a visit of a page.',
);

/**
 * Whether a declined intent can still be confirmed outside the service: the redirect gave the buyer's browser
 * its client secret.
 */
export const isConfirmable = ({ status, automatic_payment_methods }: Intent): boolean =>
  status !== 'canceled' && automatic_payment_methods?.allow_redirects === 'always';

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

/** Stripe refuses to cancel an intent in a final status, and says in which status it is. */
export const cancelledOutcome = (response: StripeResponse): CancelOutcome => {
  if ('outcome' in response) return response;
  if (response.kind === 'rejected') {
    const { status, code } = response;
    const intent = intentResponse.safeParse(response.intent).data;
    const isRefused = status === 400 && code === 'payment_intent_unexpected_state';

    return (isRefused && intent && cancelOutcome(intent)) || inProgressOrAmbiguous(response);
  }

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
  const intent = parseLookup(response, intentResponse);
  if ('outcome' in intent || intent.metadata.reference === reference) return intent;

  return ambiguous(`PaymentIntent ${intent.id} carries another reference`);
};

const parseIntent = ({ body }: Extract<StripeResponse, { kind: 'ok' }>): Intent | Ambiguous =>
  intentResponse.safeParse(body).data ?? unreadableResponse;
