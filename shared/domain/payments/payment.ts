import type { Expiring } from '../canary.ts';
import type { OperatorIdentity } from '../operator.ts';
import type { ReservedLine } from '../orders/stock-shards.ts';
import type { SkippedBooking } from '../skipped-booking.ts';
import type { HistoryEntry } from '../state-machine.ts';
import type { RefundedLines } from './refunded-lines.ts';

export type PaymentStatus =
  | 'REQUIRES_METHOD'
  | 'RESERVED'
  | 'CHARGING'
  | 'REQUIRES_ACTION'
  | 'UNKNOWN'
  | 'COMPLETED'
  | 'FAILED'
  | 'IN_REVIEW'
  | 'COMPENSATED'
  | 'LATE_CAPTURED'
  | 'REVERSED';

/** What one accepted payment holds, and what its compensation restores. */
export interface Reservation {
  /** Minor units held of the buyer's balance. */
  readonly balance: number;
  /** One line per distinct SKU. */
  readonly lines: readonly ReservedLine[];
}

export interface PaymentHistoryEntry extends HistoryEntry<PaymentStatus> {
  /**
   * The request for the immediate inquiry that led to this version. Absent for a scheduled inquiry or none.
   */
  readonly trigger?: InquiryTrigger;
  /** Why the gateway declined an attempt after which another one may follow. The payment keeps only the last failure. */
  readonly failure?: Pick<Failure, 'code' | 'reason'>;
}

/** The sources of immediate inquiries. The buyer's are a cancellation, and the return from the gateway's page. */
export const inquirySources = ['webhook', 'operator', 'buyer'] as const;

/** The source of an immediate inquiry. */
export interface InquiryTrigger {
  readonly source: (typeof inquirySources)[number];
  /** ISO 8601. */
  readonly requestedAt: string;
}

/**
 * An observation that changed no state, such as a gateway answer that arrived after the payment had moved on.
 */
export interface Evidence {
  /** ISO 8601. */
  readonly at: string;
  /** The function that observed it. */
  readonly by: string;
  readonly detail: string;
  /** As in a history entry. */
  readonly gatewayCalls?: PaymentHistoryEntry['gatewayCalls'];
  readonly trigger?: InquiryTrigger;
  /** How often the same was observed, and when first. Absent if it was observed once. */
  readonly occurrences?: number;
  readonly firstSeenAt?: string;
}

/** The checks of a payment that failed without a charge at the gateway, for a charge that appears later. */
export interface LateCaptureCheck {
  /** Checks done so far. */
  readonly count: number;
  /** ISO 8601. Absent after the last check. */
  readonly nextAt?: string;
}

/** A cancellation by an operator. Buyers see neither the person nor the reason. */
export interface OperatorCancellation extends OperatorIdentity {
  /** ISO 8601. */
  readonly at: string;
  readonly reason: string;
}

/** A payment is its own outbox and history: every write increments `version` and appends to `history`. */
export interface Payment extends Expiring {
  readonly paymentId: string;
  readonly userId: string;
  readonly orderId: string;
  readonly status: PaymentStatus;
  readonly version: number;
  /** Minor units of `currency`: the part of the balance and the part that the gateway charges. */
  readonly amount: number;
  /** The part of `amount` that the gateway charges. The rest is taken from the balance. */
  readonly gatewayAmount: number;
  readonly currency: string;
  /** The gateway's token of the payment method. Absent until the buyer provides it, or if nothing is charged. */
  readonly paymentMethod?: string;
  /** `keep`: a declined payment waits for another payment method while its hold lasts. Absent: it fails. */
  readonly onDecline?: 'keep';
  /** Where the gateway sends the buyer back after an action. */
  readonly returnUrl?: string;
  /** What the gateway waits for. Only in REQUIRES_ACTION. For the buyer alone: never logged, never in an event. */
  readonly action?: BuyerAction;
  /** The confirmations so far, so that a repeated request finds its own. */
  readonly confirmations?: readonly Confirmation[];
  /** SHA-256 of the canonical request. The same key with another hash is rejected. */
  readonly requestHash: string;
  /** W3C trace context of the request that opened the payment. Every event of the payment carries it. */
  readonly traceparent?: string;
  /** Absent if accept was rejected: nothing is held. */
  readonly reservation?: Reservation;
  readonly couponId?: string;
  /** Part of the gateway's idempotency key. 0 until the first claim. */
  readonly attempt: number;
  /** The number of the last attempt, if the gateway captured an earlier one after all: `attempt` is then that one. */
  readonly lastAttempt?: number;
  readonly claimExpiresAt?: string;
  /** Inquiries about the charge so far. Absent until the first one. */
  readonly inquiryCount?: number;
  /** Time of the last inquiry whose answer is stored. Absent until the first one. */
  readonly lastInquiredAt?: string;
  /**
   * Start of the last immediate inquiry. The next one waits `immediateInquiryIntervalMs`. Written without a
   * version.
   */
  readonly lastImmediateInquiryAt?: string;
  /**
   * Time of a hint that the gateway has news, while no inquiry was possible: inquire as soon as it is.
   * Written without a version.
   */
  readonly hintedAt?: string;
  /** Present if the payment failed because the gateway had no charge. */
  readonly lateCaptureCheck?: LateCaptureCheck;
  /** Attempts to refund a late capture that got no answer. */
  readonly reversalAttempts?: number;
  readonly pg?: { readonly transactionId: string; readonly approvedAt: string };
  readonly failure?: Failure;
  /** When cancellation was requested while the charge was in flight. Once captured, it is refunded in full. */
  readonly cancelRequestedAt?: string;
  /** The refund of that cancellation. Absent until it is requested. */
  readonly cancelRefundId?: string;
  /** The buyer's own reason for the cancellation, if given. */
  readonly cancelReason?: string;
  /** Who cancelled it, if that was an operator. Absent if the buyer did. */
  readonly operatorCancellation?: OperatorCancellation;
  /** Minor units: succeeded refunds, and refunds in progress. */
  readonly refunded: number;
  readonly refundPending: number;
  /** The parts of them that the gateway refunds. Absent until a refund has such a part. */
  readonly gatewayRefunded?: number;
  readonly gatewayRefundPending?: number;
  /** Units that refunds took or set aside, one entry per SKU. Absent until a refund names lines. */
  readonly refundedLines?: RefundedLines;
  /** Units of succeeded refunds. Absent until then. */
  readonly refundedUnits?: number;
  /** The last dispute about the capture. Absent if there was none. */
  readonly dispute?: Dispute;
  /** Minor units that the gateway refunded without this service and that are not booked. Absent until then. */
  readonly refundedElsewhere?: number;
  /** Bookings of the capture that were skipped. Absent if there were none. */
  readonly skipped?: readonly SkippedBooking[];
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Key of the sparse due index: present while the payment needs a next step. */
  readonly dueShard?: string;
  readonly dueAt?: string;
  readonly history: readonly PaymentHistoryEntry[];
  /** Bounded, and written without a version, so that it never conflicts with a transition. */
  readonly evidence?: readonly Evidence[];
  /** Optimistic lock of `evidence`. */
  readonly evidenceVersion?: number;
}

/** `won`: the merchant keeps the money. */
export const disputeStatuses = ['open', 'won', 'lost'] as const;

/** A dispute (chargeback) about a captured payment, as the gateway stated it. */
export interface Dispute {
  /** The gateway's id of the dispute. */
  readonly id: string;
  /** The disputed amount, in minor units. */
  readonly amount: number;
  readonly status: (typeof disputeStatuses)[number];
  /** ISO 8601. When an inquiry of this service first found it. */
  readonly openedAt: string;
  readonly closedAt?: string;
}

/** A page of the gateway or the bank on which the buyer must act, such as 3-D Secure. */
export interface BuyerAction {
  readonly url: string;
  /** ISO 8601. The payment is cancelled at the gateway after it. */
  readonly expiresAt: string;
  /** The gateway's id of the charge, if known. */
  readonly transactionId?: string;
}

/** A request that provided a payment method. */
export interface Confirmation {
  /** Derived from the buyer, the payment and the idempotency key. */
  readonly id: string;
  readonly requestHash: string;
}

export interface Failure {
  readonly code: string;
  readonly reason: string;
  /** The observation that makes the failure conclusive. */
  readonly evidence?: string;
  /** Every SKU that was out of stock. */
  readonly skus?: readonly string[];
}

export type PaymentChange = Partial<
  Pick<
    Payment,
    | 'attempt'
    | 'lastAttempt'
    | 'paymentMethod'
    | 'returnUrl'
    | 'action'
    | 'confirmations'
    | 'claimExpiresAt'
    | 'inquiryCount'
    | 'lastInquiredAt'
    | 'hintedAt'
    | 'lateCaptureCheck'
    | 'reversalAttempts'
    | 'pg'
    | 'failure'
    | 'reservation'
    | 'refunded'
    | 'refundPending'
    | 'gatewayRefunded'
    | 'gatewayRefundPending'
    | 'dispute'
    | 'refundedElsewhere'
    | 'refundedLines'
    | 'refundedUnits'
    | 'cancelReason'
    | 'cancelRefundId'
    | 'dueAt'
  >
>;
