import * as z from 'zod';

/**
 * The documented decline codes that this adapter trusts: docs.stripe.com/declines/codes for cards,
 * docs.stripe.com/error-codes for the rest. Each means that no money moved.
 */
export const cardDeclineCodes: readonly string[] = [
  'approve_with_id',
  'authentication_not_handled',
  'authentication_required',
  'call_issuer',
  'card_not_supported',
  'card_velocity_exceeded',
  'currency_not_supported',
  'do_not_honor',
  'do_not_try_again',
  'duplicate_transaction',
  'expired_card',
  'fraudulent',
  'generic_decline',
  'incorrect_address',
  'incorrect_cvc',
  'incorrect_number',
  'incorrect_pin',
  'incorrect_zip',
  'insufficient_funds',
  'invalid_account',
  'invalid_amount',
  'invalid_cvc',
  'invalid_expiry_month',
  'invalid_expiry_year',
  'invalid_number',
  'invalid_pin',
  'issuer_not_available',
  'lost_card',
  'merchant_blacklist',
  'mobile_device_authentication_required',
  'new_account_information_available',
  'no_action_taken',
  'not_permitted',
  'offline_pin_required',
  'online_or_offline_pin_required',
  'pickup_card',
  'pin_try_exceeded',
  'processing_error',
  'reenter_transaction',
  'restricted_card',
  'revocation_of_all_authorizations',
  'revocation_of_authorization',
  'security_violation',
  'service_not_allowed',
  'stolen_card',
  'stop_payment_order',
  'testmode_decline',
  'transaction_not_allowed',
  'try_again_later',
  'withdrawal_count_limit_exceeded',
];

/** Codes of requests that Stripe rejects before it executes them, because of the buyer or the order. */
export const requestDeclineCodes = {
  charge: [
    'amount_too_large',
    'amount_too_small',
    'invalid_charge_amount',
    'invalid_charge_amount_no_decimal_compatible',
    'payment_method_currency_mismatch',
    'payment_method_unactivated',
  ],
  refund: [
    'charge_already_refunded',
    'charge_disputed',
    'invalid_charge_amount_no_decimal_compatible',
    'refund_disputed_payment',
  ],
} as const;

/**
 * Currencies whose minor unit at Stripe differs from ISO 4217: an unconverted amount would be wrong by a
 * factor of 100.
 */
export const minorUnitExceptions: readonly string[] = ['ISK', 'MGA', 'UGX'];

/**
 * Currencies with three decimals, which Stripe accepts in multiples of ten only (docs.stripe.com/currencies),
 * for charges and refunds. It rejects any other amount without a documented code.
 */
export const threeDecimalCurrencies: readonly string[] = ['BHD', 'JOD', 'KWD', 'OMR', 'TND'];

/** Converts Stripe's seconds since the epoch to ISO 8601. */
export const isoTimeOf = (seconds: number): string => new Date(seconds * 1_000).toISOString();

const text = z.string().min(1);

/**
 * Seconds since the epoch, until the end of the year 9999, the last that ISO 8601 can express in four digits.
 */
const epochSeconds = z.int().min(0).max(253_402_300_799);

export const intentResponse = z.object({
  object: z.literal('payment_intent'),
  id: text,
  status: text,
  amount: z.int(),
  amount_received: z.int(),
  currency: text,
  created: epochSeconds,
  metadata: z.record(z.string(), z.string()),
  last_payment_error: z
    .object({
      code: z.string().nullish(),
      decline_code: z.string().nullish(),
      message: z.string().nullish(),
    })
    .nullish(),
});
export const intentSearchResponse = z.object({
  object: z.literal('search_result'),
  data: z.array(intentResponse),
});
export const stripeRefundResponse = z.object({
  object: z.literal('refund'),
  id: text,
  status: text.nullable(),
  amount: z.int(),
  currency: text,
  created: epochSeconds,
  metadata: z.record(z.string(), z.string()).nullish(),
  failure_reason: z.string().nullish(),
});
/** The pages as the SDK concatenates them. */
export const refundListResponse = z.array(stripeRefundResponse);

const listedIntent = intentResponse.extend({
  latest_charge: z.object({ amount_refunded: z.int() }).nullable(),
});
export const intentListResponse = z.object({
  object: z.literal('list'),
  has_more: z.boolean(),
  data: z.array(listedIntent),
});

export type ListedIntent = z.infer<typeof listedIntent>;
export type Intent = z.infer<typeof intentResponse>;
export type StripeRefund = z.infer<typeof stripeRefundResponse>;
