/** A request, independent of Node's server and API Gateway: header names in lower case, the body as text. */
export interface PlainRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export type PlainResponse =
  /** Sent `afterMs` from now. */
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly body: string;
      readonly afterMs: number;
      /** Names in lower case. `content-type` is `application/json` if absent. */
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Never answers while the client is connected. */
  | { readonly kind: 'hang' };

export type PlainServer = (request: PlainRequest) => Promise<PlainResponse>;

/** A reply that is sent immediately. Names of headers are in lower case. */
export const reply = (
  status: number,
  body: string,
  headers: Readonly<Record<string, string>>,
): PlainResponse => ({ kind: 'reply', status, headers, body, afterMs: 0 });

export const jsonReply = (status: number, body: unknown, afterMs = 0): PlainResponse => ({
  kind: 'reply',
  status,
  body: JSON.stringify(body),
  afterMs,
});

/** The URL under which the client reaches the server, by its Host header and without a slash at the end. */
export const publicUrlOf = ({ headers }: Pick<PlainRequest, 'headers'>): string => {
  const {
    host = 'localhost',
    'x-forwarded-proto': scheme = 'http',
    'x-forwarded-prefix': prefix = '',
  } = headers;

  return `${scheme}://${host}${prefix}`;
};

/** Serves several servers under one address, each below its prefix, which the server reads in `x-forwarded-prefix`. */
export const mount =
  (servers: Readonly<Record<`/${string}`, PlainServer>>): PlainServer =>
  async (request) => {
    const found = Object.entries(servers).find(
      ([prefix]) => request.path === prefix || request.path.startsWith(`${prefix}/`),
    );
    if (!found) return jsonReply(404, { code: 'no_such_route' });

    const [prefix, server] = found;

    return server({
      ...request,
      path: request.path.slice(prefix.length) || '/',
      headers: { ...request.headers, 'x-forwarded-prefix': prefix },
    });
  };
