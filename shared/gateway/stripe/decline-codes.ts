import type { DeclineTable } from '../decline-table.ts';
import { ambiguousStatus } from '../outcomes.ts';
import type { Ambiguous, InProgress } from '../payment-gateway.ts';
import type { StripeRejection } from './client.ts';
import { cardDeclineTable, refundDeclineCodes, requestDeclineTable } from './decline-table.ts';

/** The decline code, if the rejection is one that Stripe documents for a charge, with its documented status. */
export const chargeDeclineCode = ({ status, type, code, declineCode, param }: StripeRejection) => {
  if (status === 402 && type === 'card_error')
    return documentedCode(cardDeclineTable, declineCode ?? code);
  if (status !== 400 || type !== 'invalid_request_error') return undefined;
  if (code === 'resource_missing' && param === 'payment_method') return code;

  return documentedCode(requestDeclineTable, code);
};

/** The same for a refund. */
export const refundDeclineCode = ({ status, type, code, param }: StripeRejection) => {
  if (status !== 400 || type !== 'invalid_request_error') return undefined;
  // Documented in prose, without a code: the amount exceeds what remains of the charge.
  if (code === undefined && param === 'amount') return 'amount_exceeds_charge';

  return code !== undefined && refundDeclineCodes.includes(code) ? code : undefined;
};

const documentedCode = (table: DeclineTable, code?: string) =>
  code !== undefined && table.has(code) ? code : undefined;

/** In progress if Stripe is processing the same key; otherwise the rejection proves nothing. */
export const inProgressOrAmbiguous = (rejection: StripeRejection): InProgress | Ambiguous =>
  rejection.status === 409 && rejection.code === 'idempotency_key_in_use'
    ? { outcome: 'in-progress' }
    : ambiguousStatus(rejection.status, rejection.declineCode ?? rejection.code ?? rejection.type);
