import { type RejectionCode, RejectionError, ServiceUnavailableError } from '../domain/errors.ts';
import type { BaseResponse } from './http-response.ts';

/** The code of a problem: a rejection, or a failure of the service. */
export type ProblemCode =
  | RejectionCode
  | 'too-many-requests'
  | 'internal-error'
  | 'temporarily-unavailable';

/** The HTTP status and title of each problem code. */
export const statusByCode: Readonly<Record<ProblemCode, readonly [status: number, title: string]>> =
  {
    'invalid-request': [400, 'Invalid request'],
    'idempotency-key-missing': [400, 'Missing Idempotency-Key header'],
    'idempotency-key-invalid': [400, 'Invalid Idempotency-Key header'],
    unauthorized: [401, 'Authentication required'],
    'insufficient-balance': [402, 'Insufficient balance'],
    forbidden: [403, 'Scope required'],
    'refund-not-allowed': [403, 'Refund not allowed'],
    'route-not-found': [404, 'Route not found'],
    'method-not-allowed': [405, 'Method not allowed'],
    'order-not-found': [404, 'Order not found'],
    'payment-not-found': [404, 'Payment not found'],
    'refund-not-found': [404, 'Refund not found'],
    'review-not-found': [404, 'Review not found'],
    'order-not-payable': [409, 'Order not payable'],
    'order-expired': [409, 'Order expired'],
    'order-not-cancellable': [409, 'Order not cancellable'],
    'being-released': [409, 'Order release in progress'],
    'payment-in-progress': [409, 'Payment in progress'],
    'balance-exceeds-total': [422, 'Balance part exceeds the total'],
    'out-of-stock': [409, 'Out of stock'],
    'total-changed': [409, 'Total changed'],
    'coupon-not-usable': [409, 'Coupon not usable'],
    'product-not-sellable': [409, 'Product not sellable'],
    'balance-not-usable': [409, 'Balance not usable'],
    'payment-not-cancellable': [409, 'Payment not cancellable'],
    'payment-not-confirmable': [409, 'Payment not confirmable'],
    'payment-not-refundable': [409, 'Payment not refundable'],
    'refund-exceeds-captured': [409, 'Refund exceeds the captured amount'],
    'decision-not-allowed': [409, 'Decision not allowed'],
    'second-person-required': [409, 'Second person required'],
    'idempotency-key-in-flight': [409, 'Request in progress'],
    'payload-too-large': [413, 'Request body too large'],
    'unsupported-media-type': [415, 'Unsupported media type'],
    'card-number-refused': [422, 'Card numbers are rejected'],
    'return-url-not-allowed': [422, 'Return URL not allowed'],
    'product-not-found': [422, 'Product not found'],
    'idempotency-key-reused': [422, 'Idempotency-Key used for another request'],
    'too-many-lines': [422, 'Too many order lines'],
    // Sent by the local API only: see dev/local/emulator.py.
    'too-many-requests': [429, 'Too many requests'],
    'internal-error': [500, 'Internal error'],
    'temporarily-unavailable': [503, 'Temporarily unavailable'],
  };

interface Problem {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly extensions?: object;
}

// The work may have been done: only its response was lost.
const retryAdvice = 'Send the same request again, with the same Idempotency-Key if it had one.';

const problemOf = (error: unknown): Problem => {
  if (error instanceof RejectionError) return problemOfRejection(error);
  if (error instanceof ServiceUnavailableError) {
    return {
      code: 'temporarily-unavailable',
      detail: error.detail ?? retryAdvice,
      headers: { 'retry-after': String(error.retryAfterSeconds) },
    };
  }

  return { code: 'internal-error', detail: retryAdvice };
};

const problemOfRejection = ({ data, replayed }: RejectionError): Problem => {
  const { code, detail, errors, paymentId, retryAfterSeconds, allow, challenge } = data;

  return {
    code,
    detail,
    headers: {
      ...(paymentId !== undefined && { location: `/payments/${paymentId}` }),
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
      ...(allow && { allow: allow.join(', ') }),
      // RFC 9110 requires it with every 401; RFC 6750 defines it for bearer tokens.
      ...(code === 'unauthorized' && {
        'www-authenticate': challenge ?? 'Bearer error="invalid_token"',
      }),
      ...(replayed && { 'idempotency-replayed': 'true' }),
    },
    extensions: { ...(errors && { errors }), ...(paymentId !== undefined && { paymentId }) },
  };
};

/** The problem document (RFC 9457) for an error. For an unexpected error it reveals only the trace ID. */
export const toProblem = (
  error: unknown,
  { instance, traceId }: { instance: string; traceId: string },
): BaseResponse & { readonly code: string } => {
  const { code, detail, headers, extensions } = problemOf(error);
  const [status, title] = statusByCode[code];

  return {
    status,
    code,
    headers: { ...headers, 'content-type': 'application/problem+json' },
    body: {
      type: `urn:aftercommit:problem:${code}`,
      title,
      status,
      code,
      detail,
      instance,
      traceId,
      ...extensions,
    },
  };
};
