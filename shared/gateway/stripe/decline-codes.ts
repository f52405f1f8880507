import { ambiguousStatus } from '../outcomes.ts';
import type { Ambiguous, Declined, InProgress } from '../payment-gateway.ts';
import type { StripeRejection } from './client.ts';
import { cardDeclineCodes, requestDeclineCodes } from './protocol.ts';

/** The code of a refusal that Stripe documents for a charge, with the status that belongs to it. */
export const chargeDeclineCode = ({ status, type, code, declineCode, param }: StripeRejection) => {
  if (status === 402 && type === 'card_error')
    return documentedCode(cardDeclineCodes, declineCode ?? code);
  if (status !== 400 || type !== 'invalid_request_error') return undefined;
  // "No such PaymentMethod": what the buyer named.
  if (code === 'resource_missing' && param === 'payment_method') return code;

  return documentedCode(requestDeclineCodes.charge, code);
};

/** The same for a refund. */
export const refundDeclineCode = ({ status, type, code, param }: StripeRejection) => {
  if (status !== 400 || type !== 'invalid_request_error') return undefined;
  // Documented in words, without a code: an error when more is asked for than is left on the charge.
  if (code === undefined && param === 'amount') return 'amount_exceeds_charge';

  return documentedCode(requestDeclineCodes.refund, code);
};

const documentedCode = (codes: readonly string[], code?: string) =>
  code !== undefined && codes.includes(code) ? code : undefined;

export const declinedOutcome = (
  { message: reason }: StripeRejection,
  code?: string,
): Declined | undefined => (code === undefined ? undefined : { outcome: 'declined', code, reason });

/** A refusal that proves nothing, or that the same key is at work. */
export const inProgressOrAmbiguous = (rejection: StripeRejection): InProgress | Ambiguous =>
  rejection.status === 409 && rejection.code === 'idempotency_key_in_use'
    ? { outcome: 'in-progress' }
    : ambiguousStatus(rejection.status, rejection.declineCode ?? rejection.code ?? rejection.type);
