/** A traceparent header and its trace id. */
export const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
export const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
