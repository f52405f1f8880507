import * as z from 'zod';

/**
 * The core API of Toss Payments (version 2022-11-16): POST /v1/payments/confirm, GET
 * /v1/payments/orders/{orderId}, GET /v1/payments/{paymentKey}, POST /v1/payments/{paymentKey}/cancel, GET
 * /v1/transactions. Its decline codes are in `decline-table.ts`.
 */

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

/**
 * Refusals of a confirmation that do not say whether the order is paid; its payment does. ALREADY_PROCESSED_PAYMENT
 * and DUPLICATED_ORDER_ID may be because of our own charge. INVALID_REQUEST may be because of another amount than
 * that of the window, for which Toss documents no code.
 */
export const unclearRefusalCodes: readonly string[] = [
  'ALREADY_PROCESSED_PAYMENT',
  'DUPLICATED_ORDER_ID',
  'INVALID_REQUEST',
  'UNAPPROVED_ORDER_ID',
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

/** The states of a payment before its confirmation. */
export const unconfirmedStatuses: readonly string[] = ['READY', 'IN_PROGRESS'];

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
