import { type RejectionCode, RejectionError, ServiceUnavailableError } from '../domain/errors.ts';
import type { BaseResponse } from './http-response.ts';

/** What a problem document may say: that the business refused, or that the service could not. */
export type ProblemCode =
  | RejectionCode
  | 'too-many-requests'
  | 'internal-error'
  | 'temporarily-unavailable';

/** The status and title of each problem. The one place where a refusal meets HTTP. */
export const statusByCode: Readonly<Record<ProblemCode, readonly [status: number, title: string]>> =
  {
    'invalid-request': [400, 'The request is not valid'],
    'idempotency-key-missing': [400, 'The Idempotency-Key header is missing'],
    'idempotency-key-invalid': [400, 'The Idempotency-Key header is not valid'],
    unauthorized: [401, 'It is not known who asks'],
    'insufficient-balance': [402, 'The balance is too small'],
    forbidden: [403, 'For operators only'],
    'route-not-found': [404, 'No such route'],
    'method-not-allowed': [405, 'The path has no such method'],
    'order-not-found': [404, 'No such order'],
    'payment-not-found': [404, 'No such payment'],
    'refund-not-found': [404, 'No such refund'],
    'review-not-found': [404, 'No such review'],
    'order-not-payable': [409, 'The order cannot be paid'],
    'order-expired': [409, 'The order has expired'],
    'order-not-cancellable': [409, 'The order cannot be cancelled'],
    'being-released': [409, 'A cancelled order is being released'],
    'payment-in-progress': [409, 'The order is being paid'],
    'out-of-stock': [409, 'Out of stock'],
    'total-changed': [409, 'The total is another one'],
    'coupon-not-usable': [409, 'The coupon cannot be used'],
    'product-not-sellable': [409, 'The product cannot be sold'],
    'balance-not-usable': [409, 'The balance cannot be used'],
    'payment-not-cancellable': [409, 'The payment cannot be cancelled'],
    'payment-not-refundable': [409, 'The payment cannot be refunded'],
    'refund-exceeds-captured': [409, 'The refund is more than is left of the payment'],
    'decision-not-allowed': [409, 'This cannot be decided so'],
    'idempotency-key-in-flight': [409, 'The same request is under way'],
    'payload-too-large': [413, 'The body is too large'],
    'unsupported-media-type': [415, 'The body must be application/json in UTF-8'],
    'card-number-refused': [422, 'A card number is never taken'],
    'product-not-found': [422, 'No such product'],
    'idempotency-key-reused': [422, 'The Idempotency-Key was used for another request'],
    'too-many-lines': [422, 'Too many lines'],
    // Of the local API alone, which answers it before the service: see dev/local/emulator.py.
    'too-many-requests': [429, 'Too many requests'],
    'internal-error': [500, 'An error of ours'],
    'temporarily-unavailable': [503, 'Temporarily unavailable'],
  };

interface Problem {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly extensions?: object;
}

// Whether anything was stored is not known here: an answer may be lost after its work was done.
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
      // RFC 9110 asks for it with every 401; the form for tokens is RFC 6750's.
      ...(code === 'unauthorized' && {
        'www-authenticate': challenge ?? 'Bearer error="invalid_token"',
      }),
      ...(replayed && { 'idempotency-replayed': 'true' }),
    },
    extensions: { ...(errors && { errors }), ...(paymentId !== undefined && { paymentId }) },
  };
};

/** The `application/problem+json` answer (RFC 9457) to whatever was thrown; of an unexpected error it tells nothing but the trace. */
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
