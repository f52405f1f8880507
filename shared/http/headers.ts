/** The request headers that a route may read. */
export type RequestHeader =
  | 'Idempotency-Key'
  | 'If-None-Match'
  | 'Prefer'
  | 'Webhook-Id'
  | 'Webhook-Signature'
  | 'Webhook-Timestamp';

/** The response headers that a route may send. */
export type ResponseHeader =
  | 'Allow'
  | 'ETag'
  | 'Idempotency-Replayed'
  | 'Location'
  | 'Preference-Applied'
  | 'Retry-After'
  | 'WWW-Authenticate';
