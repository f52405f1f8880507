import { truncateEntry, truncateFailure } from '../bounds.ts';
import { dueShardOf } from '../due-index.ts';
import type { GatewayCall } from '../gateway-call.ts';
import type { Order, OrderLine } from '../orders/order.ts';
import type { RefundedLines } from '../refunds/refund-lines.ts';
import type { SkippedBooking } from '../skipped-booking.ts';
import {
  type PaymentStatus,
  paymentTransitions,
  type TransitionInput,
} from './payment-transitions.ts';

/** What one accepted payment holds, and so what undoing it gives back. */
export interface Reservation {
  /** Minor units held of the buyer's balance. */
  readonly balance: number;
  /** One line a distinct sku. */
  readonly lines: readonly OrderLine[];
}

export interface PaymentHistoryEntry {
  readonly version: number;
  /** ISO 8601. */
  readonly at: string;
  readonly from?: PaymentStatus;
  readonly to: PaymentStatus;
  /** The function that moved it. */
  readonly by: string;
  readonly detail?: string;
  /** What the PG was asked on the way to it, in order. Absent where it was not asked. */
  readonly gatewayCalls?: readonly GatewayCall[];
  /** Who had the PG asked out of turn, and when. Absent where it was asked on schedule, or not at all. */
  readonly trigger?: InquiryTrigger;
}

/** That the PG be asked at once: by a webhook of it, which hints that it has news, or by an operator. */
export interface InquiryTrigger {
  readonly source: 'webhook' | 'operator';
  /** ISO 8601. */
  readonly requestedAt: string;
}

/** Something that was seen and moved nothing: an answer that came when the payment had moved on. */
export interface Evidence {
  /** ISO 8601. */
  readonly at: string;
  /** The function that saw it. */
  readonly by: string;
  readonly detail: string;
  /** As in the journal. */
  readonly gatewayCalls?: readonly GatewayCall[];
  readonly trigger?: InquiryTrigger;
  /** How often the same was seen, and when first. Absent where it was seen once. */
  readonly occurrences?: number;
  readonly firstSeenAt?: string;
}

/** A payment is its own outbox and its own journal: every write moves `version` and appends to `history`. */
export interface Payment {
  readonly paymentId: string;
  readonly userId: string;
  readonly orderId: string;
  readonly status: PaymentStatus;
  readonly version: number;
  /** Minor units of `currency`. */
  readonly amount: number;
  readonly currency: string;
  readonly paymentMethod: string;
  /** SHA-256 of the canonical request: the same key with another one is refused. */
  readonly requestHash: string;
  /** W3C trace context of the request that opened it, which every event of it carries on. */
  readonly traceparent?: string;
  /** None where accept was refused: then there is nothing to give back. */
  readonly reservation?: Reservation;
  readonly couponId?: string;
  /** Part of the PG's key. 0 until the first claim. */
  readonly attempt: number;
  readonly claimExpiresAt?: string;
  /** How often the PG was asked what became of the charge. Absent until the first inquiry. */
  readonly inquiryCount?: number;
  /** When the PG was last asked, of the inquiries whose answer is written. Absent until the first one. */
  readonly lastInquiredAt?: string;
  /** When an inquiry out of turn last began: the next one may not begin before `immediateInquiryIntervalMs` after it. No version is written for it. */
  readonly lastImmediateInquiryAt?: string;
  /** When the PG was said to have news while it could not be asked or acted on: it is asked once that is over. No version is written for it. */
  readonly hintedAt?: string;
  /** Where it failed because the PG had no charge: how often the PG was asked again since, and when it is next. */
  readonly lateCaptureCheck?: { readonly count: number; readonly nextAt?: string };
  /** How often the refund of a late capture was asked for without an answer. */
  readonly reversalAttempts?: number;
  readonly pg?: { readonly transactionId: string; readonly approvedAt: string };
  readonly failure?: Failure;
  /** When the buyer asked to cancel it while it was in flight: once captured, it is refunded whole. */
  readonly cancelRequestedAt?: string;
  /** The refund of that cancel. Absent until it is requested. */
  readonly cancelRefundId?: string;
  /** Why the buyer cancelled it, in their own words, if they said so. */
  readonly cancelReason?: string;
  /** Minor units that refunds have paid back, and that refunds under way have set aside. */
  readonly refunded: number;
  readonly refundPending: number;
  /** What refunds have taken or set aside, one entry a sku. Absent until a refund names lines. */
  readonly refundedLines?: RefundedLines;
  /** Units whose refund has succeeded. Absent until then. */
  readonly refundedUnits?: number;
  /** What of its capture could not be booked. Absent where everything was. */
  readonly skipped?: readonly SkippedBooking[];
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Sparse index of what must not be forgotten: present while it is to move by itself. */
  readonly dueShard?: string;
  readonly dueAt?: string;
  readonly history: readonly PaymentHistoryEntry[];
  /** Beside the journal, without a version of its own, and bounded: who notes something disturbs no one that moves the payment. */
  readonly evidence?: readonly Evidence[];
  /** How often evidence was written: an optimistic lock of its own. */
  readonly evidenceVersion?: number;
}

export interface Failure {
  readonly code: string;
  readonly reason: string;
  /** What was seen that makes it conclusive. */
  readonly evidence?: string;
  /** Every sku that was short, where stock was. */
  readonly skus?: readonly string[];
}

export type PaymentChange = Partial<
  Pick<
    Payment,
    | 'attempt'
    | 'claimExpiresAt'
    | 'inquiryCount'
    | 'lastInquiredAt'
    | 'hintedAt'
    | 'lateCaptureCheck'
    | 'reversalAttempts'
    | 'pg'
    | 'failure'
    | 'refunded'
    | 'refundPending'
    | 'refundedLines'
    | 'refundedUnits'
    | 'cancelRefundId'
    | 'dueAt'
  >
>;

const newPayment = (
  name: 'accepted' | 'acceptRejected',
  { paymentId, order, paymentMethod, requestHash, traceparent }: PaymentRequest,
  { at, by, detail, change }: TransitionInput,
): Payment => ({
  paymentId,
  userId: order.userId,
  orderId: order.orderId,
  status: paymentTransitions[name].to,
  version: 1,
  amount: order.total,
  currency: order.currency,
  paymentMethod,
  requestHash,
  ...(traceparent === undefined ? {} : { traceparent }),
  ...(order.couponId === undefined ? {} : { couponId: order.couponId }),
  attempt: 0,
  refunded: 0,
  refundPending: 0,
  createdAt: at.toISOString(),
  updatedAt: at.toISOString(),
  dueShard: dueShardOf(paymentId),
  dueAt: at.toISOString(),
  ...(change && truncateFailure(change)),
  history: [
    truncateEntry({
      version: 1,
      at: at.toISOString(),
      to: paymentTransitions[name].to,
      by,
      ...(detail !== undefined && { detail }),
    }),
  ],
});

export interface PaymentRequest {
  readonly paymentId: string;
  readonly order: Order;
  readonly paymentMethod: string;
  readonly requestHash: string;
  readonly traceparent?: string;
}

/** A payment that holds the order's total and stock, as accept would commit it. */
export const openPayment = (
  request: PaymentRequest,
  at: Date,
  unclaimedTimeoutMs: number,
): Payment => ({
  ...newPayment('accepted', request, {
    at,
    by: 'accept-payment',
    change: { dueAt: new Date(at.getTime() + unclaimedTimeoutMs).toISOString() },
  }),
  reservation: {
    balance: request.order.total,
    lines: request.order.lines.map(({ sku, quantity }) => ({ sku, quantity })),
  },
});

/** The same payment as it is stored when accept was refused: nothing reserved, its reason kept. */
export const rejectPayment = (request: PaymentRequest, at: Date, failure: Failure): Payment =>
  newPayment('acceptRejected', request, {
    at,
    by: 'accept-payment',
    detail: failure.reason,
    change: { failure },
  });

export const buyerStatuses = [
  'PENDING',
  'CONFIRMING',
  'COMPLETED',
  'FAILED',
  'UNDER_REVIEW',
  'PARTIALLY_REFUNDED',
  'REFUNDED',
] as const;

export type BuyerStatus = (typeof buyerStatuses)[number];

const buyerStatusByStatus: Record<PaymentStatus, BuyerStatus> = {
  RESERVED: 'PENDING',
  CHARGING: 'PENDING',
  UNKNOWN: 'CONFIRMING',
  COMPLETED: 'COMPLETED',
  FAILED: 'FAILED',
  COMPENSATED: 'FAILED',
  LATE_CAPTURED: 'FAILED',
  REVERSED: 'FAILED',
  IN_REVIEW: 'UNDER_REVIEW',
};

/** How far a completed payment is refunded: its order's status is the same. */
export const refundStageOf = (payment: Payment): RefundStage => {
  const [done, whole] = refundProgress(payment);
  if (done === 0) return 'COMPLETED';

  return done < whole ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
};

export type RefundStage = 'COMPLETED' | 'PARTIALLY_REFUNDED' | 'REFUNDED';

/** Where the coupon covered all, no money tells how far it is refunded: the units do. */
const refundProgress = ({ amount, refunded, refundedUnits = 0, reservation }: Payment) => {
  if (amount > 0) return [refunded, amount] as const;
  const units = reservation?.lines.reduce((sum, { quantity }) => sum + quantity, 0) ?? 0;

  return [refundedUnits, units] as const;
};

/** What a buyer is told. */
export const buyerStatus = (payment: Payment): BuyerStatus =>
  payment.status === 'COMPLETED' ? refundStageOf(payment) : buyerStatusByStatus[payment.status];

const pendingForBuyer: readonly BuyerStatus[] = ['PENDING', 'CONFIRMING', 'UNDER_REVIEW'];

/**
 * Whether the buyer knows how it ended: the money was taken or it will not be. A failed payment is decided before it is compensated,
 * for what is given back afterwards no longer changes the answer.
 */
export const isFinalForBuyer = (payment: Payment) =>
  !pendingForBuyer.includes(buyerStatus(payment));
