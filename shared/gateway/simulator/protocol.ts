import * as z from 'zod';

/**
 * The contract of the simulated gateway, as a real one would publish it. Its decline codes are in
 * `decline-table.ts`.
 *
 * Requests are POST /charges, /cancellations and /refunds with an `Idempotency-Key`, GET
 * /charges/{reference}, GET /refunds/{key}?reference={reference}, and GET
 * /charges?limit={references}&after={reference} for captures and refunds. The buyer's browser opens GET
 * /window, and the page of a charge that requires an action.
 */
export const simulatorErrorCodes = {
  alreadyCaptured: 'already_captured',
  chargeNotFound: 'charge_not_found',
  inProgress: 'in_progress',
  refundNotFound: 'refund_not_found',
} as const;

const amount = z.int().positive();
const text = z.string().min(1).max(255);
const returnUrl = z.url({ protocol: /^https?$/, hostname: /^[\w.:[\]-]+$/ }).max(2_048);

/**
 * The parameters of the window, as text. The buyer's page opens GET /window with them; the form posts them with
 * `paymentMethod`. The browser returns to `returnUrl` with `reference` and either `paymentMethod`, which pays this
 * reference, amount and currency and nothing else, or `cancelled=true`.
 */
export const windowRequest = z.object({
  reference: text,
  amount: z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .transform(Number),
  currency: z.string().regex(/^[A-Z]{3}$/),
  returnUrl: returnUrl.optional(),
});

export const chargeBody = z.strictObject({
  reference: text,
  amount,
  currency: z.string().length(3),
  paymentMethod: text,
  /** Where the browser returns to from the buyer's page, if the charge needs one; gets `reference` as a parameter. */
  returnUrl: returnUrl.optional(),
  /** Whether to send webhooks about the charge; true by default. */
  notify: z.boolean().optional(),
});
export const cancellationBody = z.strictObject({ reference: text });
export const simulatorRefundBody = z.strictObject({
  reference: text,
  amount,
  currency: z.string().length(3),
});

/** A webhook, signed by the Standard Webhooks specification. Other types may be added. */
export const webhookBody = z.object({
  type: z.enum(['charge.done', 'charge.aborted', 'refund.done', 'refund.failed']),
  data: z.object({ reference: text }),
});

export type WebhookBody = z.infer<typeof webhookBody>;
export type ChargeBody = z.infer<typeof chargeBody>;
export type SimulatorRefundBody = z.infer<typeof simulatorRefundBody>;

export const approvedResponse = z.object({
  status: z.literal('approved'),
  transactionId: text,
  reference: z.string(),
  amount: z.int(),
  currency: z.string(),
  /** The sum of all refunds of it so far. */
  refunded: z.int().nonnegative(),
  approvedAt: z.iso.datetime(),
});
/**
 * The charge waits for the buyer, who decides on the page: GET `url` shows it, and its form posts `decision`, `approve`
 * or `decline`. The first decision is final. A charge that is cancelled, or not decided by `expiresAt`, is declined.
 */
export const requiresActionResponse = z.object({
  status: z.literal('requires_action'),
  transactionId: text,
  url: z.url({ protocol: /^https?$/ }),
  expiresAt: z.iso.datetime(),
});
/**
 * Response to an inquiry about a declined charge or refund; its status is 200, as it is for one in progress.
 */
export const declinedResponse = z.object({
  status: z.literal('declined'),
  code: z.string(),
  message: z.string(),
});
export const inProgressResponse = z.object({ status: z.literal('in_progress') });
export const cancelledResponse = z.object({
  status: z.literal('cancelled'),
  reference: z.string(),
});
export const refundedResponse = z.object({
  status: z.literal('refunded'),
  refundId: text,
  reference: z.string(),
  amount: z.int(),
  currency: z.string(),
  refundedAt: z.iso.datetime(),
});
export const problemResponse = z.object({
  code: z.string(),
  message: z.string().optional(),
  transactionId: text.optional(),
});

const movementSchema = z.object({ reference: z.string(), amount: z.int(), currency: z.string() });
/** `next` is absent on the last page. */
export const listResponse = z.object({
  charges: z.array(movementSchema),
  refunds: z.array(movementSchema),
  next: z.string().optional(),
});

export type RequiresActionResponse = z.infer<typeof requiresActionResponse>;
export type ApprovedResponse = z.infer<typeof approvedResponse>;
export type RefundedResponse = z.infer<typeof refundedResponse>;
