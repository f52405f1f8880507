/** Why the service says no. The names are the public problem codes. */
export type RejectionCode =
  | 'invalid-request'
  | 'idempotency-key-missing'
  | 'idempotency-key-invalid'
  | 'unauthorized'
  | 'insufficient-balance'
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
  | 'payment-not-refundable'
  | 'refund-exceeds-captured'
  | 'decision-not-allowed'
  | 'product-not-found'
  | 'product-not-sellable'
  | 'balance-not-usable'
  | 'idempotency-key-in-flight'
  | 'payload-too-large'
  | 'unsupported-media-type'
  | 'card-number-refused'
  | 'idempotency-key-reused'
  | 'too-many-lines';

/** One of several things that are wrong with a request, each named. */
export interface RejectionDetail {
  readonly detail: string;
  /** JSON Pointer into the request's body. */
  readonly pointer?: string;
  /** The parameter of the path or the query. */
  readonly parameter?: string;
  readonly sku?: string;
}

/** A refusal as it is stored and answered: plain data. */
export interface Rejection {
  readonly code: RejectionCode;
  readonly detail: string;
  readonly errors?: readonly RejectionDetail[];
  /** Of a path that is there: the methods that it has. */
  readonly allow?: readonly string[];
  /** How to authenticate, where it is not by a token. */
  readonly challenge?: string;
  /** The payment that the refusal is about: the active one, or the refused one itself. */
  readonly paymentId?: string;
  /** Present if the refusal ends by itself. It is answered as Retry-After, and a refusal that has it is never kept for its key. */
  readonly retryAfterSeconds?: number;
}

/** The business says no. It is an answer: stored for its key unless it is temporary, never tried again by itself. */
export class RejectionError extends Error {
  readonly data: Rejection;
  /** The same refusal was given before, to the first request of this key. */
  readonly replayed: boolean;

  constructor(data: Rejection, { replayed = false } = {}) {
    super(data.detail);
    this.name = 'RejectionError';
    this.data = data;
    this.replayed = replayed;
  }
}

/** The service could not find out or could not do it now. Nothing is stored; the same request may be sent again. */
export class ServiceUnavailableError extends Error {
  readonly retryAfterSeconds: number;
  /** What the client reads, where more is known than that the request may be sent again. */
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

/** A state was asked to move where the transition table has no way. */
export class IllegalTransitionError extends Error {
  constructor(subject: string, from: string, to: string) {
    super(`${subject} cannot go from ${from} to ${to}`);
    this.name = 'IllegalTransitionError';
  }
}

/** Another invocation is processing the same request. */
export class RequestInProgressError extends Error {
  constructor(options?: ErrorOptions) {
    super('A request with this key is still under way.', options);
    this.name = 'RequestInProgressError';
  }
}

/** The rejection of a second request with the same key. */
export const idempotencyKeyReused = () =>
  new RejectionError({
    code: 'idempotency-key-reused',
    detail: 'This Idempotency-Key was used for another request.',
  });
