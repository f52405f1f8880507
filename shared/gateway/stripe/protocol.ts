import * as z from 'zod';

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
  /** `always` if the charge had a return URL, `never` if not. */
  automatic_payment_methods: z.object({ allow_redirects: z.string().nullish() }).nullish(),
  /** What the intent waits for in status requires_action. Only a redirect is a page that we can show. */
  next_action: z
    .object({
      redirect_to_url: z
        .object({ url: z.url({ protocol: /^https?$/ }) })
        .nullish()
        .catch(undefined),
    })
    .nullish(),
  /** An id, or the charge if the request expands it. */
  latest_charge: z.union([text, z.object({ disputed: z.boolean() })]).nullish(),
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

const disputeResponse = z.object({
  object: z.literal('dispute'),
  id: text,
  amount: z.int(),
  currency: text,
  status: text,
  /** What the dispute has moved: withdrawn funds are negative, reinstated ones positive. */
  balance_transactions: z.array(z.object({ amount: z.int() })),
});
export const disputeListResponse = z.object({
  object: z.literal('list'),
  data: z.array(disputeResponse),
});

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
export type StripeDispute = z.infer<typeof disputeResponse>;
export type StripeRefund = z.infer<typeof stripeRefundResponse>;
