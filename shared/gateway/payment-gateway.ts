/** A charge as the PG is asked for it. `amount` is in minor units of `currency` (ISO 4217). */
export interface ChargeRequest {
  /** `chg:{paymentId}:{attempt}`: the PG answers the same key with the same charge. */
  readonly key: string;
  /** Our reference, the paymentId: the PG can be asked for it without an id of its own. */
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
  readonly paymentMethod: string;
}

/** What is needed to ask for, or cancel, a charge whose answer was lost. */
export interface ChargeReference {
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
  /** The charge's own key, where it is known: a PG that cannot cancel a reference may be able to close the key. */
  readonly key?: string;
  /** The gateway's id of the charge, where it is known: an inquiry by it reads the charge itself and not an index that may lag. */
  readonly transactionId?: string;
}

/** What a capture amounts to at the gateway now, in minor units. An inquiry always knows it; an answer to a charge as far as it says. */
export interface CapturedAmounts {
  readonly captured?: number;
  /** All refunds at the gateway so far, whoever made them, pending ones included and failed ones not. */
  readonly refunded?: number;
}

export interface RefundRequest {
  /** `rfd:{refundId}`. */
  readonly key: string;
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
  /** The PG's id of the charge, where it is known: spares looking it up, in an index that may lag. */
  readonly transactionId?: string;
}

/** The PG says it has the money, and amount, currency and reference equal ours. */
export interface Approved extends CapturedAmounts {
  readonly outcome: 'approved';
  readonly transactionId: string;
  /** ISO 8601, the PG's clock. */
  readonly approvedAt: string;
}

/** A documented business refusal. `code` is the PG's own. */
export interface Declined {
  readonly outcome: 'declined';
  readonly code: string;
  readonly reason: string;
}

/** Provably nothing was done at the gateway: the same key may be sent again later. */
export interface NotSent {
  readonly outcome: 'not-sent';
  readonly reason: string;
  /** The gateway refuses our API key, or the key cannot be read: no request gets through until somebody puts that right. */
  readonly cause?: 'credentials';
}

export interface InProgress {
  readonly outcome: 'in-progress';
}

/** The PG may or may not have charged: timeout after sending, 5xx, reset, unreadable body, any code not listed. */
export interface Ambiguous {
  readonly outcome: 'ambiguous';
  readonly reason: string;
}

/** The PG approved something else than what was asked for. */
export interface Mismatch extends CapturedAmounts {
  readonly outcome: 'mismatch';
  readonly transactionId: string;
  readonly differences: readonly string[];
}

export type ChargeOutcome = Approved | Declined | NotSent | InProgress | Ambiguous | Mismatch;

/** The PG knows no charge of this reference. Not a refusal: it may still be on its way. */
export interface NotFound {
  readonly outcome: 'not-found';
}

export type InquiryOutcome =
  | Approved
  | Declined
  | NotFound
  | InProgress
  | Ambiguous
  | NotSent
  | Mismatch;

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

/** Not found is not a refusal here either: the refund may still be on its way, or was refused without a trace. */
export type RefundInquiryOutcome = RefundOutcome | NotFound;

/** A payment gateway. No method throws for what the PG or the network does: that is an outcome. */
export interface PaymentGateway {
  charge(request: ChargeRequest): Promise<ChargeOutcome>;
  /** By our reference; works without an id of the PG. */
  inquire(reference: ChargeReference): Promise<InquiryOutcome>;
  cancel(reference: ChargeReference): Promise<CancelOutcome>;
  refund(request: RefundRequest): Promise<RefundOutcome>;
  /** What became of the refund of this key, and of no other of the same amount. Moves nothing. */
  inquireRefund(request: RefundRequest): Promise<RefundInquiryOutcome>;
}
