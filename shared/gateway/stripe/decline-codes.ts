import type { Ambiguous, Declined, InProgress } from '../payment-gateway.ts';
import { type Refused, unclear } from './client.ts';
import { documentedDeclines, documentedRefusals } from './protocol.ts';

/** The code of a refusal that Stripe documents for a charge, with the status that belongs to it. */
export const chargeDecline = ({ status, type, code, declineCode, param }: Refused) => {
  if (status === 402 && type === 'card_error')
    return documented(documentedDeclines, declineCode ?? code);
  if (status !== 400 || type !== 'invalid_request_error') return undefined;
  // "No such PaymentMethod": what the buyer named.
  if (code === 'resource_missing' && param === 'payment_method') return code;

  return documented(documentedRefusals.charge, code);
};

/** The same for a refund. */
export const refundDecline = ({ status, type, code, param }: Refused) => {
  if (status !== 400 || type !== 'invalid_request_error') return undefined;
  // Documented in words, without a code: an error when more is asked for than is left on the charge.
  if (code === undefined && param === 'amount') return 'amount_exceeds_charge';

  return documented(documentedRefusals.refund, code);
};

const documented = (codes: readonly string[], code?: string) =>
  code !== undefined && codes.includes(code) ? code : undefined;

export const declined = ({ message: reason }: Refused, code?: string): Declined | undefined =>
  code === undefined ? undefined : { outcome: 'declined', code, reason };

/** A refusal that proves nothing, or that the same key is at work. */
export const unfinished = (refused: Refused): InProgress | Ambiguous =>
  refused.status === 409 && refused.code === 'idempotency_key_in_use'
    ? { outcome: 'in-progress' }
    : unclear(refused, refused.declineCode ?? refused.code ?? refused.type);
