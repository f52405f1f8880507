import * as z from 'zod';

/**
 * The core API of Toss Payments (version 2022-11-16): POST /v1/payments/confirm, GET
 * /v1/payments/orders/{orderId}, GET /v1/payments/{paymentKey}, POST /v1/payments/{paymentKey}/cancel, GET
 * /v1/transactions. The lists have the codes of its error tables that mean: declined, no money moved.
 *
 * Left out on purpose: ALREADY_PROCESSED_PAYMENT, ALREADY_CANCELED_PAYMENT and ALREADY_REFUND_PAYMENT,
 * because money may have moved; PROVIDER_ERROR, CARD_PROCESSING_ERROR and other codes that ask for a retry;
 * NOT_FOUND_PAYMENT, which an inquiry resolves.
 */
export const tossDeclineCodes = {
  confirm: [
    'BELOW_MINIMUM_AMOUNT',
    'EXCEED_MAX_AMOUNT',
    'EXCEED_MAX_AUTH_COUNT',
    'EXCEED_MAX_CARD_INSTALLMENT_PLAN',
    'EXCEED_MAX_DAILY_PAYMENT_COUNT',
    'EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT',
    'EXCEED_MAX_ONE_DAY_AMOUNT',
    'EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT',
    'EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT',
    'EXCEED_MAX_PAYMENT_AMOUNT',
    'FDS_ERROR',
    // The token is of another order or another shop's key; any buyer may send one.
    'FORBIDDEN_REQUEST',
    'INVALID_ACCOUNT_INFO_RE_REGISTER',
    'INVALID_CARD_EXPIRATION',
    'INVALID_CARD_INSTALLMENT_PLAN',
    'INVALID_CARD_LOST_OR_STOLEN',
    'INVALID_CARD_NUMBER',
    'INVALID_PASSWORD',
    'INVALID_REJECT_CARD',
    'INVALID_STOPPED_CARD',
    'NOT_ALLOWED_POINT_USE',
    'NOT_AVAILABLE_BANK',
    'NOT_AVAILABLE_PAYMENT',
    'NOT_FOUND_PAYMENT_SESSION',
    'NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT',
    'NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN',
    'REJECT_ACCOUNT_PAYMENT',
    'REJECT_CARD_COMPANY',
    'REJECT_CARD_PAYMENT',
    'REJECT_TOSSPAY_INVALID_ACCOUNT',
    'RESTRICTED_TRANSFER_ACCOUNT',
  ],
  cancel: [
    'EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT',
    'EXCEED_MAX_REFUND_DUE',
    'NOT_ALLOWED_PARTIAL_REFUND',
    'NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT',
    'NOT_CANCELABLE_AMOUNT',
    'NOT_CANCELABLE_PAYMENT',
    'NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER',
    'NOT_MATCHES_REFUNDABLE_AMOUNT',
    'REFUND_REJECTED',
  ],
} as const;

/**
 * Codes that mean the secret key is wrong, was replaced or lacks a permission: Toss rejects these before it
 * does anything. FORBIDDEN_REQUEST also means that order and token do not match, so a confirmation, which
 * carries the buyer's token, treats it as a decline.
 */
export const credentialErrorCodes: readonly string[] = [
  'FORBIDDEN_REQUEST',
  'INCORRECT_BASIC_AUTH_FORMAT',
  'INVALID_API_KEY',
  'UNAUTHORIZED_KEY',
];

export const tossErrorCodes = {
  notFound: 'NOT_FOUND_PAYMENT',
  inProgress: 'IDEMPOTENT_REQUEST_PROCESSING',
} as const;

/** The state of the funds by payment status. An unlisted status says nothing about them. */
export const fundsByStatus: ReadonlyMap<string, 'captured' | 'pending' | 'none'> = new Map([
  ['READY', 'pending'],
  ['IN_PROGRESS', 'pending'],
  ['WAITING_FOR_DEPOSIT', 'pending'],
  ['DONE', 'captured'],
  ['PARTIAL_CANCELED', 'captured'],
  // Refunded after the capture, or ended before it: see approvedAt.
  ['CANCELED', 'captured'],
  ['ABORTED', 'none'],
  ['EXPIRED', 'none'],
]);

const text = z.string().min(1);

export const tossPaymentResponse = z.object({
  paymentKey: text,
  orderId: text,
  status: text,
  totalAmount: z.number(),
  /** What can still be refunded. */
  balanceAmount: z.number().nullish(),
  currency: text,
  approvedAt: z.iso.datetime({ offset: true }).nullish(),
  failure: z.object({ code: text, message: z.string() }).nullish(),
  cancels: z
    .array(
      z.object({
        transactionKey: text,
        cancelAmount: z.number(),
        cancelReason: z.string(),
        cancelStatus: z.string().optional(),
        canceledAt: z.iso.datetime({ offset: true }),
      }),
    )
    .nullish(),
});
/** A page of GET /v1/transactions: approvals and cancellations. */
export const transactionListResponse = z.array(
  z.object({
    transactionKey: text,
    paymentKey: text,
    orderId: text,
    status: text,
    amount: z.number(),
    currency: text,
  }),
);
export const tossErrorResponse = z.object({ code: text, message: z.string().optional() });

export type TossTransaction = z.infer<typeof transactionListResponse>[number];
export type TossPayment = z.infer<typeof tossPaymentResponse>;
