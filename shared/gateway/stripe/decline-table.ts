import { type DeclineGroups, declineTable } from '../decline-table.ts';

/**
 * The documented decline codes that this adapter trusts: docs.stripe.com/declines/codes for cards,
 * docs.stripe.com/error-codes for the rest. Each means that no money moved. A code that hints at fraud or
 * theft is `card-declined` for the buyer, as Stripe asks.
 */
const cardDeclines: DeclineGroups = {
  'card-declined': [
    'call_issuer',
    'do_not_honor',
    'do_not_try_again',
    'duplicate_transaction',
    'fraudulent',
    'generic_decline',
    'lost_card',
    'merchant_blacklist',
    'no_action_taken',
    'not_permitted',
    'pickup_card',
    'restricted_card',
    'revocation_of_all_authorizations',
    'revocation_of_authorization',
    'security_violation',
    'service_not_allowed',
    'stolen_card',
    'stop_payment_order',
    'transaction_not_allowed',
  ],
  'insufficient-funds': ['insufficient_funds'],
  'expired-card': ['expired_card'],
  'invalid-card': [
    'incorrect_address',
    'incorrect_cvc',
    'incorrect_number',
    'incorrect_zip',
    'invalid_account',
    'invalid_cvc',
    'invalid_expiry_month',
    'invalid_expiry_year',
    'invalid_number',
    'new_account_information_available',
    'testmode_decline',
  ],
  'authentication-failed': [
    'authentication_not_handled',
    'authentication_required',
    'incorrect_pin',
    'invalid_pin',
    'mobile_device_authentication_required',
    'offline_pin_required',
    'online_or_offline_pin_required',
    'pin_try_exceeded',
  ],
  'limit-exceeded': ['card_velocity_exceeded', 'invalid_amount', 'withdrawal_count_limit_exceeded'],
  'method-not-supported': ['card_not_supported', 'currency_not_supported'],
  'try-again-later': [
    'approve_with_id',
    'issuer_not_available',
    'processing_error',
    'reenter_transaction',
    'try_again_later',
  ],
};

/** Codes of requests that Stripe rejects before it executes them, because of the buyer or the order. */
const requestDeclines: DeclineGroups = {
  'limit-exceeded': ['amount_too_large'],
  'method-not-supported': [
    'amount_too_small',
    'invalid_charge_amount',
    'invalid_charge_amount_no_decimal_compatible',
    'payment_method_currency_mismatch',
    'payment_method_unactivated',
  ],
};

/** Codes that prove a decline only together with the parameter, the status or the check that they come from. */
const otherDeclines: DeclineGroups = {
  'card-declined': [
    'card_declined',
    'payment_intent_payment_attempt_failed',
    'payment_method_provider_decline',
  ],
  // "No such PaymentMethod": the buyer's token is unknown.
  'invalid-card': ['resource_missing'],
  'authentication-failed': [
    'payment_intent_action_required',
    'payment_intent_authentication_failure',
    'payment_intent_payment_attempt_expired',
    'payment_method_customer_decline',
  ],
  'method-not-supported': [
    // The adapter's own codes: see `threeDecimalCurrencies` and `intentOutcome`.
    'amount_not_supported',
    'action_not_supported',
    'payment_intent_incompatible_payment_method',
  ],
  'try-again-later': [
    // The status of a PaymentIntent, not a code.
    'canceled',
    'payment_method_not_available',
    'payment_method_provider_timeout',
  ],
};

export const cardDeclineTable = declineTable(cardDeclines);
export const requestDeclineTable = declineTable(requestDeclines);

/** Every code that a declined charge can have. */
export const stripeDeclineTable = new Map([
  ...cardDeclineTable,
  ...requestDeclineTable,
  ...declineTable(otherDeclines),
]);

/** The same for a refund: a buyer sees no more than that it was declined. */
export const refundDeclineCodes: readonly string[] = [
  'charge_already_refunded',
  'charge_disputed',
  'invalid_charge_amount_no_decimal_compatible',
  'refund_disputed_payment',
];
