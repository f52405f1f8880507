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
      'Stands for one intention of the buyer. The same request with the same key is done once and answered the same each time.',
    required: true,
    schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
  },
  'If-None-Match': {
    description: 'The `ETag` of the answer that the client has.',
    required: false,
    schema: { type: 'string' },
  },
  Prefer: {
    description:
      '`wait=N`: answer when it is decided, or with `If-None-Match` when it has another version, or after N seconds, at most 20 (RFC 7240).',
    required: false,
    schema: { type: 'string' },
  },
  'Webhook-Id': {
    description: 'The same whenever the same webhook is sent.',
    required: true,
    schema: { type: 'string' },
  },
  'Webhook-Signature': {
    description:
      '`v1,` and the HMAC-SHA256 of id, timestamp and body, joined by dots, in base64; several are separated by spaces.',
    required: true,
    schema: { type: 'string' },
  },
  'Webhook-Timestamp': {
    description: 'When it was sent, in seconds of the Unix epoch.',
    required: true,
    schema: { type: 'string', pattern: '^\\d{1,12}$' },
  },
};

export const responseHeaders: Readonly<Record<ResponseHeader, Header>> = {
  Allow: {
    description: 'The methods that the path has.',
    required: false,
    schema: { type: 'string' },
  },
  ETag: {
    description: 'The version, as an entity tag.',
    required: true,
    schema: { type: 'string', pattern: '^"\\d+"$' },
  },
  'Idempotency-Replayed': {
    description: 'The same was answered before, to the first request with this key.',
    required: false,
    schema: { type: 'string', const: 'true' },
  },
  Location: {
    description:
      'What the answer is about, relative to the address of the request (RFC 3986): `new URL(location, requestUrl)`.',
    required: true,
    schema: { type: 'string' },
  },
  'Preference-Applied': {
    description:
      'The wait that was granted, where one was asked for. `wait=0`: too many requests wait already; ask again after a second.',
    required: false,
    schema: { type: 'string', pattern: '^wait=\\d+$' },
  },
  'Retry-After': {
    description: 'Seconds after which asking again makes sense.',
    required: true,
    schema: { type: 'string', pattern: '^\\d+$' },
  },
  'WWW-Authenticate': {
    description:
      'How to authenticate: `Bearer error="invalid_token"`, or for a webhook its signature.',
    required: false,
    schema: { type: 'string' },
  },
};
