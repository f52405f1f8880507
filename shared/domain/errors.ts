/** Why the service rejects a request. These are the public problem codes. */
export type RejectionCode =
  | 'invalid-request'
  | 'idempotency-key-missing'
  | 'idempotency-key-invalid'
  | 'unauthorized'
  | 'insufficient-balance'
  | 'balance-exceeds-total'
  | 'forbidden'
  | 'route-not-found'
  | 'method-not-allowed'
  | 'order-not-found'
  | 'payment-not-found'
  | 'refund-not-found'
  | 'review-not-found'
  | 'order-not-payable'
  | 'order-expired'
  | 'order-not-cancellable'
  | 'being-released'
  | 'payment-in-progress'
  | 'out-of-stock'
  | 'total-changed'
  | 'coupon-not-usable'
  | 'payment-not-cancellable'
  | 'payment-not-confirmable'
  | 'payment-not-refundable'
  | 'refund-exceeds-captured'
  | 'refund-not-allowed'
  | 'decision-not-allowed'
  | 'second-person-required'
  | 'product-not-found'
  | 'product-not-sellable'
  | 'balance-not-usable'
  | 'idempotency-key-in-flight'
  | 'payload-too-large'
  | 'unsupported-media-type'
  | 'card-number-refused'
  | 'return-url-not-allowed'
  | 'idempotency-key-reused'
  | 'too-many-lines';

/** One of several faults of a request. */
export interface RejectionDetail {
  readonly detail: string;
  /** JSON Pointer into the request body. */
  readonly pointer?: string;
  /** The path or query parameter. */
  readonly parameter?: string;
  readonly sku?: string;
}

/** A rejection as it is stored and returned. Plain data. */
export interface Rejection {
  readonly code: RejectionCode;
  readonly detail: string;
  readonly errors?: readonly RejectionDetail[];
  /** The methods of the path, if it exists. */
  readonly allow?: readonly string[];
  /** How to authenticate, if not by token. */
  readonly challenge?: string;
  /** The active payment of the order, or the rejected payment itself. */
  readonly paymentId?: string;
  /** Present if the rejection is temporary: returned as Retry-After, never cached for the idempotency key. */
  readonly retryAfterSeconds?: number;
}

/** A business rejection. It is cached for the idempotency key unless it is temporary, and never retried. */
export class RejectionError extends Error {
  readonly data: Rejection;
  /** Whether this is the cached rejection of an earlier request with the same key. */
  readonly replayed: boolean;

  constructor(data: Rejection, { replayed = false } = {}) {
    super(data.detail);
    this.name = 'RejectionError';
    this.data = data;
    this.replayed = replayed;
  }
}

/** A temporary failure. Nothing is stored; the client may retry the same request. */
export class ServiceUnavailableError extends Error {
  readonly retryAfterSeconds: number;
  /** Detail for the client. Undefined if the only advice is to retry. */
  readonly detail: string | undefined;

  constructor(
    message: string,
    options: ErrorOptions & { retryAfterSeconds?: number; detail?: string } = {},
  ) {
    super(message, options);
    this.detail = options.detail;
    this.name = 'ServiceUnavailableError';
    this.retryAfterSeconds = options.retryAfterSeconds ?? 1;
  }
}

/** The transition table does not allow this transition. */
export class IllegalTransitionError extends Error {
  constructor(subject: string, from: string, to: string) {
    super(`${subject} cannot go from ${from} to ${to}`);
    this.name = 'IllegalTransitionError';
  }
}

/** Another invocation is processing the same request. */
export class RequestInProgressError extends Error {
  constructor(options?: ErrorOptions) {
    super('A request with this Idempotency-Key is still in progress.', options);
    this.name = 'RequestInProgressError';
  }
}

/** The rejection of another request with the same key. */
export const idempotencyKeyReused = () =>
  new RejectionError({
    code: 'idempotency-key-reused',
    detail: 'This Idempotency-Key was used for another request.',
  });
