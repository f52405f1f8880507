/**
 * Trace context of a request in W3C format (https://www.w3.org/TR/trace-context/): `00-{trace}-{span}-01`.
 *
 * The payment stores that of its accept request, and every event and message carries it: one trace id finds
 * all log lines.
 */
const traceparentPattern = /^[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}$/;

/** The trace id, 32 hexadecimal digits. Undefined without a valid trace context. */
export const traceIdOf = (traceparent: string | undefined): string | undefined =>
  traceparentPattern.exec(traceparent ?? '')?.[1];

/**
 * The trace context of a request, in the caller's trace if it has one, otherwise in a new one. `requestId` is
 * a UUID.
 */
export const requestTraceparent = (
  requestId: string,
  callerTraceparent: string | undefined,
): string => {
  const own = requestId.replaceAll('-', '');

  return `00-${traceIdOf(callerTraceparent) ?? own}-${own.slice(0, 16)}-01`;
};
