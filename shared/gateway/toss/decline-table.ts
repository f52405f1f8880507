import { type DeclineGroups, declineTable } from '../decline-table.ts';

/**
 * The codes of Toss's error table for a confirmation that mean: declined, no money moved. A code that hints at
 * fraud or theft is `card-declined` for the buyer.
 *
 * Left out on purpose: `unclearRefusalCodes`, ALREADY_CANCELED_PAYMENT and ALREADY_REFUND_PAYMENT, because
 * money may have moved; PROVIDER_ERROR, CARD_PROCESSING_ERROR and other codes that ask for a retry.
 */
const confirmDeclines: DeclineGroups = {
  'card-declined': [
    'FDS_ERROR',
    'INVALID_CARD_LOST_OR_STOLEN',
    'INVALID_REJECT_CARD',
    'INVALID_STOPPED_CARD',
    'REJECT_CARD_COMPANY',
  ],
  // Toss does not distinguish a card's limit from its balance: REJECT_CARD_PAYMENT is either.
  'insufficient-funds': ['REJECT_ACCOUNT_PAYMENT', 'REJECT_CARD_PAYMENT'],
  'invalid-card': [
    'INVALID_ACCOUNT_INFO_RE_REGISTER',
    'INVALID_CARD_EXPIRATION',
    'INVALID_CARD_NUMBER',
    'REJECT_TOSSPAY_INVALID_ACCOUNT',
  ],
  'authentication-failed': ['EXCEED_MAX_AUTH_COUNT', 'INVALID_PASSWORD'],
  'limit-exceeded': [
    'EXCEED_MAX_AMOUNT',
    'EXCEED_MAX_DAILY_PAYMENT_COUNT',
    'EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT',
    'EXCEED_MAX_ONE_DAY_AMOUNT',
    'EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT',
    'EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT',
    'EXCEED_MAX_PAYMENT_AMOUNT',
  ],
  'method-not-supported': [
    'BELOW_MINIMUM_AMOUNT',
    'EXCEED_MAX_CARD_INSTALLMENT_PLAN',
    // The paymentKey is of another order or of another shop; any buyer may send one.
    'FORBIDDEN_REQUEST',
    'INVALID_AUTHORIZE_AUTH',
    'INVALID_CARD_INSTALLMENT_PLAN',
    // The card company or the bank has no contract with the shop.
    'INVALID_UNREGISTERED_SUBMALL',
    'NOT_ALLOWED_POINT_USE',
    // There is no payment of this paymentKey; any buyer may invent one.
    'NOT_FOUND_PAYMENT',
    'NOT_FOUND_TERMINAL_ID',
    'NOT_REGISTERED_BUSINESS',
    'NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT',
    'NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN',
  ],
  'try-again-later': [
    'NOT_AVAILABLE_BANK',
    'NOT_AVAILABLE_PAYMENT',
    // Not confirmed within ten minutes.
    'NOT_FOUND_PAYMENT_SESSION',
    'RESTRICTED_TRANSFER_ACCOUNT',
  ],
};

/** Codes that prove a decline only as the failure of a payment that has ended. */
const endedDeclines: DeclineGroups = {
  // ABORTED, CANCELED and EXPIRED are the status of a payment without a failure.
  'card-declined': ['PAY_PROCESS_ABORTED', 'ABORTED'],
  'authentication-failed': ['PAY_PROCESS_CANCELED'],
  // The adapter's own codes: it charges in KRW only, and only the amount of the window.
  'method-not-supported': ['NOT_SUPPORTED_CURRENCY', 'WINDOW_AMOUNT_DIFFERS'],
  'try-again-later': [
    'CARD_PROCESSING_ERROR',
    'COMMON_ERROR',
    'FAILED_INTERNAL_SYSTEM_PROCESSING',
    'FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING',
    'PROVIDER_ERROR',
    'UNKNOWN_PAYMENT_ERROR',
    'CANCELED',
    'EXPIRED',
    'EXPIRED_PAYMENT',
  ],
};

export const confirmDeclineTable = declineTable(confirmDeclines);

/** Every code that a declined charge can have. */
export const tossDeclineTable = new Map([...confirmDeclineTable, ...declineTable(endedDeclines)]);

/** The same for a cancellation, which is a refund: a buyer sees no more than that it was declined. */
export const cancelDeclineCodes: readonly string[] = [
  'EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT',
  'EXCEED_MAX_REFUND_DUE',
  'NOT_ALLOWED_PARTIAL_REFUND',
  'NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT',
  'NOT_CANCELABLE_AMOUNT',
  'NOT_CANCELABLE_PAYMENT',
  'NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER',
  'NOT_MATCHES_REFUNDABLE_AMOUNT',
  'REFUND_REJECTED',
];
