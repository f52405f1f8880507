import type { BuyerDeclineCode } from '../domain/payments/buyer-failure.ts';

/** A charge request to the gateway. `amount` is in minor units of `currency` (ISO 4217). */
export interface ChargeRequest {
  /** `chg:{paymentId}:{attempt}`: the gateway answers the same key with the same charge. */
  readonly key: string;
  /** Our reference, the paymentId. The gateway can look up a charge by it, without an id of its own. */
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
  readonly paymentMethod: string;
  /** Where the gateway sends the buyer back after an action, such as 3-D Secure. */
  readonly returnUrl?: string;
}

/** Identifies a charge whose response was lost, for an inquiry or a cancellation. */
export interface ChargeReference {
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
  /**
   * The idempotency key of the charge, if known. A gateway that cannot cancel a reference may be able to
   * close the key.
   */
  readonly key?: string;
  /**
   * The gateway's id of the charge, if known. An inquiry by it reads the charge itself, not an index that may
   * lag.
   */
  readonly transactionId?: string;
  /** The buyer's token of the charge, if known: at Toss, several charges of one reference differ in it. */
  readonly paymentMethod?: string;
}

/** A dispute (chargeback): the buyer's bank takes the money back until the dispute is decided. */
export interface GatewayDispute {
  /** The gateway's id of the dispute. */
  readonly id: string;
  /** The disputed amount, in minor units of the charge's currency. Not part of `refunded`. */
  readonly amount: number;
  /** `open` until the bank has decided. `won`: the merchant keeps the money. */
  readonly status: 'open' | 'won' | 'lost';
}

/**
 * The amounts of a capture at the gateway now, in minor units. Always present after an inquiry; after a
 * charge, if the response has them.
 */
export interface CapturedAmounts {
  readonly captured?: number;
  /** The sum of all refunds at the gateway, ours and others: includes pending refunds, excludes failed ones. */
  readonly refunded?: number;
  /** The dispute about the capture, after an inquiry, if the gateway states one; the last one of several. */
  readonly dispute?: GatewayDispute;
}

export interface RefundRequest {
  /** `rfd:{refundId}`. */
  readonly key: string;
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
  /** The gateway's id of the charge, if known: avoids a lookup in an index that may lag. */
  readonly transactionId?: string;
}

/** The gateway captured the money, and amount, currency and reference equal ours. */
export interface Approved extends CapturedAmounts {
  readonly outcome: 'approved';
  readonly transactionId: string;
  /** ISO 8601, by the gateway's clock. */
  readonly approvedAt: string;
}

/** A documented decline: no money moved. `code` and `reason` are the gateway's own, for operators. */
export interface Declined {
  readonly outcome: 'declined';
  readonly code: string;
  readonly reason: string;
}

export interface DeclinedCharge extends Declined {
  /** The code of the closed list that the buyer sees. */
  readonly buyerCode: BuyerDeclineCode;
  /** The charge was not declined: it was cancelled, by us or at the gateway itself, or its time was over. */
  readonly isCancelled?: true;
}

/** Provably nothing was done at the gateway: the same key may be sent again later. */
export interface NotSent {
  readonly outcome: 'not-sent';
  readonly reason: string;
  /**
   * `credentials`: the gateway rejects our API key. `key-unreadable`: we cannot read the key. No request gets
   * through until an operator fixes that.
   */
  readonly cause?: 'credentials' | 'key-unreadable';
}

export interface InProgress {
  readonly outcome: 'in-progress';
}

/**
 * The gateway may or may not have moved money: timeout after sending, 5xx, reset, unreadable body,
 * undocumented code.
 */
export interface Ambiguous {
  readonly outcome: 'ambiguous';
  readonly reason: string;
}

/** The gateway approved a different charge than requested. */
export interface Mismatch extends CapturedAmounts {
  readonly outcome: 'mismatch';
  readonly transactionId: string;
  readonly differences: readonly string[];
}

/**
 * The gateway waits for the buyer: 3-D Secure, or another page of the gateway or the bank. Money may still move
 * until the charge is cancelled or declined.
 */
export interface RequiresAction {
  readonly outcome: 'requires-action';
  /** The page for the buyer. For the buyer alone: never logged, never in an event. */
  readonly url: string;
  /** ISO 8601, by the gateway's clock, if it states a limit. */
  readonly expiresAt?: string;
  readonly transactionId?: string;
}

export type ChargeOutcome =
  | Approved
  | DeclinedCharge
  | NotSent
  | InProgress
  | Ambiguous
  | Mismatch
  | RequiresAction;

/** The gateway has no charge of this reference. Not a decline: the request may still be on its way. */
export interface NotFound {
  readonly outcome: 'not-found';
}

export type InquiryOutcome =
  | Approved
  | DeclinedCharge
  | NotFound
  | InProgress
  | Ambiguous
  | NotSent
  | Mismatch
  | RequiresAction;

export type CancelOutcome =
  | { readonly outcome: 'cancelled' }
  | { readonly outcome: 'already-captured'; readonly transactionId: string }
  | NotFound
  | InProgress
  | Ambiguous
  | NotSent;

export type RefundOutcome =
  | { readonly outcome: 'refunded'; readonly refundId: string; readonly refundedAt: string }
  | Declined
  | InProgress
  | Ambiguous
  | NotSent;

/**
 * `not-found` is not a decline here either: the refund may still be on its way, or was declined without a
 * record.
 */
export type RefundInquiryOutcome = RefundOutcome | NotFound;

/**
 * The port to a payment gateway. Failures of the gateway or the network are outcomes: no method throws for
 * them.
 */
export interface PaymentGateway {
  charge(request: ChargeRequest): Promise<ChargeOutcome>;
  /** Looks the charge up by our reference; needs no id of the gateway. */
  inquire(reference: ChargeReference): Promise<InquiryOutcome>;
  cancel(reference: ChargeReference): Promise<CancelOutcome>;
  refund(request: RefundRequest): Promise<RefundOutcome>;
  /** Looks up the refund of this key, not another one of the same amount. Moves no money. */
  inquireRefund(request: RefundRequest): Promise<RefundInquiryOutcome>;
}
