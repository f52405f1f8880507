/**
 * A request's place in a trace, as W3C Trace Context writes it (https://www.w3.org/TR/trace-context/): `00-{trace}-{span}-01`.
 *
 * The payment keeps that of the request that it was accepted with, and every event and message that follows carries it on: one id finds
 * the whole story.
 */
const traceparentPattern = /^[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}$/;

/** The 32 hexadecimal digits that all of one story share; undefined where there is no trace context, or none that can be read. */
export const traceIdOf = (traceparent: string | undefined): string | undefined =>
  traceparentPattern.exec(traceparent ?? '')?.[1];

/** The trace context of a request: within the caller's trace if it named one, in one of its own otherwise. `requestId` is a UUID. */
export const requestTraceparent = (
  requestId: string,
  callerTraceparent: string | undefined,
): string => {
  const own = requestId.replaceAll('-', '');

  return `00-${traceIdOf(callerTraceparent) ?? own}-${own.slice(0, 16)}-01`;
};
