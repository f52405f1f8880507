import type * as z from 'zod';
import type { RequestHeader, ResponseHeader } from '../../../shared/http/headers.ts';

interface Header {
  readonly description: string;
  readonly required: boolean;
  readonly schema: z.core.JSONSchema.JSONSchema;
}

export const requestHeaders: Readonly<Record<RequestHeader, Header>> = {
  'Idempotency-Key': {
    description:
      'Unique key of the request, 1 to 255 visible ASCII characters. Requests with the same key are processed once and get the same response.',
    required: true,
    schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
  },
  'If-None-Match': {
    description:
      'The `ETag` of an earlier response. The response is 304 if the version is the same.',
    required: false,
    schema: { type: 'string' },
  },
  Prefer: {
    description:
      '`wait=N` (RFC 7240): wait up to N seconds, at most 20, for the final status or, with `If-None-Match`, for another version. `wait=N, released`: of a payment that fails, wait until everything of it is back.',
    required: false,
    schema: { type: 'string' },
  },
  'Webhook-Id': {
    description: 'ID of the webhook, the same for every delivery attempt.',
    required: true,
    schema: { type: 'string' },
  },
  'Webhook-Signature': {
    description:
      '`v1,` and the Base64 HMAC-SHA256 of ID, timestamp and body, joined by dots. Several signatures are separated by spaces.',
    required: true,
    schema: { type: 'string' },
  },
  'Webhook-Timestamp': {
    description: 'Time of sending, in seconds since the Unix epoch.',
    required: true,
    schema: { type: 'string', pattern: '^\\d{1,12}$' },
  },
};

export const responseHeaders: Readonly<Record<ResponseHeader, Header>> = {
  Allow: {
    description: 'Methods that the path supports.',
    required: false,
    schema: { type: 'string' },
  },
  ETag: {
    description: 'Version as an entity tag, such as `"3"`.',
    required: true,
    schema: { type: 'string', pattern: '^"\\d+"$' },
  },
  'Idempotency-Replayed': {
    description: 'Present if the response repeats that of an earlier request with this key.',
    required: false,
    schema: { type: 'string', const: 'true' },
  },
  Location: {
    description:
      'The resource concerned, relative to the URL of the request (RFC 3986): `new URL(location, requestUrl)`.',
    required: true,
    schema: { type: 'string' },
  },
  'Preference-Applied': {
    description:
      'The wait and `released`, as far as they were applied. `wait=0`: too many requests are waiting, or no change is expected in that time; retry after `Retry-After` seconds.',
    required: false,
    schema: { type: 'string', pattern: '^wait=\\d+(, released)?$' },
  },
  'Retry-After': {
    description: 'Seconds to wait before the next request.',
    required: true,
    schema: { type: 'string', pattern: '^\\d+$' },
  },
  'WWW-Authenticate': {
    description:
      'Authentication scheme: `Bearer error="invalid_token"`, or `Webhook-Signature` for a webhook.',
    required: false,
    schema: { type: 'string' },
  },
};
