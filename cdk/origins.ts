/** Whether this is an origin exactly as a browser sends it (RFC 6454), or a wildcard of API Gateway. */
export const isOrigin = (entry: string): boolean => {
  if (/^(?:\*|https?:\/\/\*)$/.test(entry)) return true;
  if (!/^[a-z][a-z\d+.-]*:\/\/[^\s/?#@*;]+$/.test(entry) || !URL.canParse(entry)) return false;

  // In Node, other schemes such as those of apps have no origin.
  return !/^https?:/.test(entry) || new URL(entry).origin === entry;
};

/** Whether this is the origin of a web page: of this machine also by http, and with `*` for any port. */
export const isReturnOrigin = (entry: string): boolean => {
  if (/^http:\/\/(?:localhost|127\.0\.0\.1):\*$/.test(entry)) return true;
  if (!isOrigin(entry) || entry.includes('*')) return false;

  return entry.startsWith('https://') || isLoopback(entry);
};

export const isLoopback = (origin: string): boolean =>
  /^http:\/\/(?:localhost|127\.0\.0\.1)(?::|$)/.test(origin);

export const loopbackOrigins: readonly string[] = ['http://127.0.0.1:*', 'http://localhost:*'];
