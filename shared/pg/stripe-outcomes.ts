import { compared } from './answer.ts';
import type {
  Ambiguous,
  CancelOutcome,
  ChargeOutcome,
  ChargeReference,
  Declined,
  InProgress,
  InquiryOutcome,
  NotFound,
  NotSent,
  RefundInquiryOutcome,
  RefundOutcome,
  RefundRequest,
} from './port.ts';
import { type Refused, type Told, unclear } from './stripe-client.ts';
import {
  documentedDeclines,
  documentedRefusals,
  type Intent,
  intentAnswer,
  refundAnswer,
  refundsAnswer,
  type StripeRefund,
  searchAnswer,
} from './stripe-protocol.ts';

type WithoutAnswer = NotSent | Ambiguous;

export const chargeOutcome = (told: Told, asked: ChargeReference): ChargeOutcome => {
  if ('outcome' in told) return told;
  if (told.kind === 'refused') return declined(told, chargeDecline(told)) ?? unfinished(told);

  const intent = intentIn(told);

  return 'outcome' in intent ? intent : stateOf(intent, asked);
};

/** The one PaymentIntent of our reference that says most: money before work in progress before refusals. */
export const foundIntent = (told: Told, reference: string): Intent | NotFound | WithoutAnswer => {
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

export const stateOf = (intent: Intent, asked: ChargeReference) => {
  const { id, status, amount_received, currency, created, metadata } = intent;
  const { last_payment_error: error } = intent;

  switch (status) {
    case 'succeeded':
      return compared(
        {
          transactionId: id,
          approvedAt: iso(created),
          reference: metadata.reference ?? '',
          amount: amount_received,
          currency: currency.toUpperCase(),
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

export const inquiryOutcome = (told: Told, asked: ChargeReference): InquiryOutcome => {
  const found = foundIntent(told, asked.reference);

  return 'outcome' in found ? found : stateOf(found, asked);
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

/** What became of our refund if it is among these, or why they cannot be seen. */
export const knownRefund = (told: Told, asked: RefundRequest): RefundInquiryOutcome => {
  if ('outcome' in told) return told;
  if (told.kind === 'refused') return unclear(told, told.code);

  const refunds = refundsAnswer.safeParse(told.body).data;
  if (!refunds) return unreadable;
  const ours = refunds.find(({ metadata }) => metadata?.key === asked.key);

  return ours ? madeRefund(ours, asked) : { outcome: 'not-found' };
};

export const refundOutcome = (told: Told, asked: RefundRequest): RefundOutcome => {
  if ('outcome' in told) return told;
  if (told.kind === 'refused') return declined(told, refundDecline(told)) ?? unfinished(told);

  const made = refundAnswer.safeParse(told.body).data;

  return made ? madeRefund(made, asked) : unreadable;
};

const madeRefund = (refund: StripeRefund, asked: RefundRequest): RefundOutcome => {
  const { id, status, amount, currency, created, failure_reason } = refund;
  if (amount !== asked.amount || currency.toUpperCase() !== asked.currency) {
    return ambiguous(`paid back ${amount} ${currency} instead`);
  }

  switch (status) {
    case 'succeeded':
      return { outcome: 'refunded', refundId: id, refundedAt: iso(created) };
    case 'pending':
      return { outcome: 'in-progress' };
    case 'failed':
    case 'canceled':
      return { outcome: 'declined', code: failure_reason ?? status, reason: `Refund ${status}.` };
  }

  return ambiguous(`refund ${id} is ${status}`);
};

const chargeDecline = ({ status, type, code, declineCode, param }: Refused) => {
  if (status === 402 && type === 'card_error')
    return documented(documentedDeclines, declineCode ?? code);
  if (status !== 400 || type !== 'invalid_request_error') return undefined;
  // "No such PaymentMethod": what the buyer named.
  if (code === 'resource_missing' && param === 'payment_method') return code;

  return documented(documentedRefusals.charge, code);
};

const refundDecline = ({ status, type, code, param }: Refused) => {
  if (status !== 400 || type !== 'invalid_request_error') return undefined;
  // Documented in words, without a code: an error when more is asked for than is left on the charge.
  if (code === undefined && param === 'amount') return 'amount_exceeds_charge';

  return documented(documentedRefusals.refund, code);
};

const documented = (codes: readonly string[], code?: string) =>
  code !== undefined && codes.includes(code) ? code : undefined;

const declined = ({ message: reason }: Refused, code?: string): Declined | undefined =>
  code === undefined ? undefined : { outcome: 'declined', code, reason };

const unfinished = (refused: Refused): InProgress | Ambiguous =>
  refused.status === 409 && refused.code === 'idempotency_key_in_use'
    ? { outcome: 'in-progress' }
    : unclear(refused, refused.declineCode ?? refused.code ?? refused.type);

const intentIn = ({ body }: Extract<Told, { kind: 'told' }>): Intent | Ambiguous =>
  intentAnswer.safeParse(body).data ?? unreadable;

const ambiguous = (reason: string): Ambiguous => ({ outcome: 'ambiguous', reason });

const unreadable = ambiguous('an answer of another shape');

const iso = (seconds: number): string => new Date(seconds * 1_000).toISOString();
