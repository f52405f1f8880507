/** The codes of a gateway's decline that a buyer sees, the same for each gateway. */
export const buyerDeclineCodes = [
  'card-declined',
  'insufficient-funds',
  'expired-card',
  'invalid-card',
  'authentication-failed',
  'limit-exceeded',
  'method-not-supported',
  'try-again-later',
] as const;

export type BuyerDeclineCode = (typeof buyerDeclineCodes)[number];

const cardDeclinedReason = 'The card was declined.';

/** The sentence that explains a decline to its buyer. */
export const declineReasons: Readonly<Record<BuyerDeclineCode, string>> = {
  'card-declined': cardDeclinedReason,
  'insufficient-funds': 'The card or account has insufficient funds.',
  'expired-card': 'The card has expired.',
  'invalid-card': 'The details of the card or account are not valid.',
  'authentication-failed': 'The payment was not authenticated.',
  'limit-exceeded': 'The payment exceeds a limit of the card or account.',
  'method-not-supported': 'The payment method cannot be used for this payment.',
  'try-again-later': 'The payment could not be processed. Another attempt can succeed later.',
};

/** The codes of a payment that failed, or is under review, for another reason than a decline. */
export const ownFailureCodes = [
  'insufficient-balance',
  'out-of-stock',
  'hold-expired',
  'not-confirmed-in-time',
  'authentication-expired',
  'cancelled-by-buyer',
  'cancelled-by-merchant',
  'not-charged',
  'not-paid',
  'outcome-unknown',
  'pg-mismatch',
  'refunded-at-gateway',
  'ledger-mismatch',
  'unknown-failure',
] as const;

export type OwnFailureCode = (typeof ownFailureCodes)[number];

/** The same for a refund. */
export const refundFailureCodes = [
  'refund-declined',
  'not-refunded',
  'outcome-unknown',
  'cancel-refund-declined',
] as const;

export type RefundFailureCode = (typeof refundFailureCodes)[number];

interface FailureSummary<Reason = string> {
  readonly code: string;
  readonly reason: Reason;
}

const cardDeclined = { code: 'card-declined', reason: cardDeclinedReason } as const;

export const refundDeclined = {
  code: 'refund-declined',
  reason: 'The payment gateway declined the refund.',
} as const;

const isOneOf = (codes: readonly string[], code: string): boolean => codes.includes(code);

// Two lists: a joined one would be in each bundle, used or not.
const isPaymentCode = (code: string): boolean =>
  isOneOf(buyerDeclineCodes, code) || isOneOf(ownFailureCodes, code);
const isRefundCode = (code: string): boolean => isOneOf(refundFailureCodes, code);

/** The code that a buyer sees. Older payments have the gateway's own code: that is `card-declined`. */
export const buyerCodeOf = (code: string): string =>
  isPaymentCode(code) ? code : cardDeclined.code;

/** The same for a refund: the gateway's own code is `refund-declined`. */
export const buyerRefundCodeOf = (code: string): string =>
  isRefundCode(code) ? code : refundDeclined.code;

/** The failure of a payment as its buyer sees it: never the gateway's code or words. */
export const buyerFailureOf = <Reason>({
  code,
  reason,
}: FailureSummary<Reason>): FailureSummary<Reason | string> =>
  isPaymentCode(code) ? { code, reason } : cardDeclined;

/** The failure of a refund as its buyer sees it. Older refunds have the gateway's own code. */
export const buyerRefundFailureOf = <Reason>({
  code,
  reason,
}: FailureSummary<Reason>): FailureSummary<Reason | string> =>
  isRefundCode(code) ? { code, reason } : refundDeclined;
